// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// One member of a field that says what a client would rather have: `Accept`, `Accept-Encoding` (RFC 9110 §12.4.2).
struct WeightedMember {
    /// In lower case.
    let value: String
    /// `name=value`, in lower case and without quotes; not the weight.
    let parameters: [String]
    /// 0 for what is not wanted, up to 1.
    let weight: Double

    /// All members, in their order.
    static func all(in field: String?) -> [WeightedMember] {
        (field ?? "").lowercased().split(separator: ",").compactMap { member in
            let parts = member.split(separator: ";").map { $0.filter { !" \t\"".contains($0) } }
            guard let value = parts.first else { return nil }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }
            return WeightedMember(
                value: value, parameters: parts.dropFirst().filter { !$0.hasPrefix("q=") },
                // What is no number is no consent.
                weight: weight.map { Double($0.dropFirst(2)) ?? 0 } ?? 1)
        }
    }
}
