// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import NIOCore

/// What a server listens on.
enum ListeningHosts {
    /// The addresses that hosts stand for, each once. `localhost` is this machine under both versions of IP
    /// (RFC 6761 §6.3), if it has both; any other name is what it resolves to first.
    static func addresses(of hosts: [String]) -> [String] {
        var addresses: [String] = []
        for host in hosts {
            for address in host.lowercased() == "localhost" ? loopback : [unbracketed(host)]
            where !addresses.contains(address) {
                addresses.append(address)
            }
        }
        return addresses
    }

    private static var loopback: [String] {
        let devices = (try? System.enumerateDevices()) ?? []
        return ["127.0.0.1"] + (devices.contains { $0.address?.ipAddress == "::1" } ? ["::1"] : [])
    }

    private static func unbracketed(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }
}
