// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import HTTPTypes

/// Whose word counts about who a client is: everybody else could name any address.
struct TrustedProxies: Hashable, Sendable {
    let blocks: [AddressBlock]

    /// Where a request comes from: the other end of its connection, or, where that is a trusted proxy, the last address
    /// before the trusted ones in what the proxies say.
    ///
    /// A proxy writes one of the two fields, and may pass on the other as its client has made it up. So where the two name
    /// different clients it is the proxy whom the request is put down to.
    func client(at peer: IPAddress, _ request: ArrivingRequest) -> IPAddress {
        guard isTrusted(peer) else { return peer }
        let chains = [
            request[.forwarded].map { ForwardedField.addresses($0) },
            request[.xForwardedFor].map { ForwardedField.addresses(xForwardedFor: $0) },
        ]
        let named = Set(chains.compactMap { $0 }.map(origin))
        // Who has asked through one proxy from behind another is meant, rather than the other proxy.
        let outside = named.filter { !isTrusted($0) }
        let clients = outside.isEmpty ? named : outside
        return clients.count == 1 ? clients.first.flatMap { $0 } ?? peer : peer
    }

    /// The last address that is not trusted; `nil` where something else stands. Where all are trusted, the first.
    private func origin(of chain: [IPAddress?]) -> IPAddress? {
        if let last = chain.last(where: { !isTrusted($0) }) { return last }
        return chain.first.flatMap { $0 }
    }

    private func isTrusted(_ address: IPAddress?) -> Bool {
        guard let address else { return false }
        return blocks.contains { $0.contains(address) }
    }
}
