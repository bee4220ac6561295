// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import HTTPTypes
public import Hummingbird

/// `Accept` (RFC 9110 §12.5.1): which representation a client would rather have.
public struct AcceptField: Sendable {
    private let members: [WeightedMember]

    /// Reads a request's field.
    public init(_ request: Request) { self.init(request.headers[.accept]) }

    init(_ field: String?) { members = WeightedMember.all(in: field) }

    /// What the client would rather have.
    ///
    /// - Parameter offers: media types in lower case and without parameters, in the order in which they are given to whoever does
    ///   not care: without the field the first.
    /// - Returns: one of them; `nil` when the client wants none.
    public func preferred(of offers: [String]) -> String? {
        guard !members.isEmpty else { return offers.first }
        var preferred: (offer: String, weight: Double)?
        for offer in offers {
            let weight = weight(of: offer)
            if weight > preferred?.weight ?? 0 { preferred = (offer, weight) }
        }
        return preferred?.offer
    }

    /// The most specific member counts, wherever it stands.
    private func weight(of offer: String) -> Double {
        for range in [offer, offer.prefix { $0 != "/" } + "/*", "*/*"] {
            let weights = members.filter { $0.value == range && $0.isServed }.map(\.weight)
            if let weight = weights.max() { return weight }
        }
        return 0
    }
}

extension WeightedMember {
    /// Whether the parameters ask for nothing but what all answers are: UTF-8.
    fileprivate var isServed: Bool { parameters.allSatisfy { $0 == "charset=utf-8" || $0 == "charset=utf8" } }
}
