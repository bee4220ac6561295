// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// One making of a read model. Each rebuild makes the next; numbers are never used again.
public struct Generation: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Counts from 1.
    public let number: Int

    /// The generation of that number.
    ///
    /// - Parameter number: at least 1.
    public init(_ number: Int) {
        precondition(number >= 1, "generations count from 1")
        self.number = number
    }

    /// The one that is there without any rebuild.
    public static let first = Generation(1)

    /// The one that the next rebuild makes.
    public var next: Generation { Generation(number + 1) }

    /// The name of what belongs to this generation of something: that of the first is the thing's own, `users`, the
    /// others' have their number behind it, `users.g2`.
    public func name(of thing: String) -> String { self == .first ? thing : "\(thing).g\(number)" }

    /// The number.
    public var description: String { "\(number)" }

    /// In order of their making.
    public static func < (a: Self, b: Self) -> Bool { a.number < b.number }
}

extension Generation: Codable {
    /// Reads the number.
    public init(from decoder: any Decoder) throws {
        let number = try decoder.singleValueContainer().decode(Int.self)
        guard number >= 1 else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "generations count from 1"))
        }
        self.init(number)
    }

    /// Writes the number.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }
}
