// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// A place in the changes of a read model, such as a client keeps to go on there later.
///
/// Of two positions of one generation the later compares greater. Positions of different generations have nothing to do
/// with each other.
public struct FeedPosition: Sendable, Hashable {
    /// The number of the read model's generation; 0 where generations are not told apart.
    public let generation: Int
    /// The place among its changes: 1 to 1024 upper-case hexadecimal digits that only the read model understands, in
    /// the order of the text.
    public let place: String

    /// A position of a read model's own making.
    ///
    /// - Parameters:
    ///   - generation: not negative.
    ///   - place: 1 to 1024 upper-case hexadecimal digits.
    /// - Returns: `nil` for anything else.
    public init?(generation: Int = 0, place: String) {
        guard generation >= 0, (1...1024).contains(place.utf8.count), place.utf8.allSatisfy(Self.isDigit) else {
            return nil
        }
        self.generation = generation
        self.place = place
    }

    /// The same place, as one of a generation.
    func of(generation: Int) -> FeedPosition { FeedPosition(self, generation: generation) }

    private init(_ other: FeedPosition, generation: Int) {
        self.generation = generation
        place = other.place
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }
}

extension FeedPosition: LosslessStringConvertible {
    /// Reads a ``description``.
    public init?(_ description: String) {
        let parts = description.split(separator: "-", omittingEmptySubsequences: false)
        // Nothing but what we write: "+1" and "01" are numbers, too.
        guard parts.count == 2, let generation = Int(parts[0]), "\(generation)" == parts[0] else { return nil }
        self.init(generation: generation, place: String(parts[1]))
    }

    /// The generation and the place, such as `1-8265AF`: fit for URLs and header fields.
    public var description: String { "\(generation)-\(place)" }
}

extension FeedPosition: Comparable {
    /// In order of the generations, then of the places.
    public static func < (a: FeedPosition, b: FeedPosition) -> Bool {
        (a.generation, a.place) < (b.generation, b.place)
    }
}

/// What happened after a position cannot be told any more, or never could: it is too long ago, of a generation that no
/// longer serves, or of another database.
public struct LostFeedPosition: CategorizedError, CustomStringConvertible {
    /// Nothing but beginning anew helps.
    public var category: FailureCategory { .rejected }
    /// Says so.
    public var description: String { "the changes after that position cannot be told" }

    /// Says that a position is lost.
    public init() {}
}
