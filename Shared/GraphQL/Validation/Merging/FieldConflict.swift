// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Two fields that share a response name and cannot.
struct FieldConflict {
    /// How many places one side tells.
    static let placesLimit = 20
    /// How long a reason gets.
    static let reasonLimit = 1_000
    /// How many conflicts are gathered in one place, at least: more would not change what is told of what is around them.
    static let countLimit = 100

    /// The response name.
    let name: String
    let reason: String
    /// Where the first field stands, and those inside that are why.
    let first: [Int]
    /// Where the second field stands, and those inside that are why.
    let second: [Int]

    init(_ name: String, _ reason: String, _ first: Field, _ second: Field) {
        self.name = name
        self.reason = reason
        self.first = [first.offset]
        self.second = [second.offset]
    }

    /// A conflict of what is selected of two fields; `nil` when there are none.
    init?(_ name: String, inside conflicts: [FieldConflict], _ first: Field, _ second: Field) {
        guard !conflicts.isEmpty else { return nil }
        self.name = name
        var reasons = ""
        for conflict in conflicts where reasons.utf8.count < 4 * Self.reasonLimit {
            reasons += "\(reasons.isEmpty ? "" : " and ")\"\(conflict.name)\" inside, since \(conflict.reason)"
        }
        reason = String(reasons.prefix(Self.reasonLimit))
        self.first = Self.places(first, conflicts.map(\.first))
        self.second = Self.places(second, conflicts.map(\.second))
    }

    private static func places(_ field: Field, _ inside: [[Int]]) -> [Int] {
        var places = [field.offset]
        for more in inside where places.count < placesLimit {
            places += more.suffix(placesLimit - places.count)
        }
        return places
    }
}
