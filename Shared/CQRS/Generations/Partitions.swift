// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How many further queues a read model's events are spread over, by their streams.
///
/// One consumer at a time takes from each, so all events of a stream come to one consumer, in order. The queue that the events
/// would come from otherwise stays, for what comes a second time. Partitions are numbered from 1 on.
public struct Partitions: Sendable, Hashable {
    /// How many get new events. With none, the queue itself gets all.
    public let bound: Int
    /// How many are consumed, at least those.
    public let fed: Int
    /// How many there are, at least those.
    public let count: Int

    /// Whether a change is under way: the queue itself gets all events as well then, and nobody takes a binding away, so that at no
    /// moment an event has no way, whoever knows of which step.
    public let isChanging: Bool

    /// The most that there may be.
    public static let limit = 64
    /// All events come from the queue itself.
    public static let none = Partitions(bound: 0)

    /// Describes partitions.
    ///
    /// - Parameters:
    ///   - bound: how many get new events, 0 to ``limit``.
    ///   - fed: how many are consumed; `nil` for those that get new events.
    ///   - count: how many there are; `nil` for those that are consumed.
    ///   - isChanging: whether a change is under way.
    public init(bound: Int, fed: Int? = nil, count: Int? = nil, isChanging: Bool = false) {
        self.bound = bound
        self.isChanging = isChanging
        self.fed = fed ?? bound
        self.count = count ?? self.fed
        precondition(isValid, "\(self) are no partitions")
    }

    private var isValid: Bool { 0 <= bound && bound <= fed && fed <= count && count <= Self.limit }

    /// Whether some get nothing new any more, and have to be emptied and removed.
    public var hasLeftovers: Bool { count > bound && !isChanging }
}

extension Partitions: Codable {
    private enum CodingKeys: CodingKey {
        case bound, fed, count, isChanging
    }

    /// Reads the numbers.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        bound = try container.decode(Int.self, forKey: .bound)
        fed = try container.decode(Int.self, forKey: .fed)
        count = try container.decode(Int.self, forKey: .count)
        isChanging = try container.decode(Bool.self, forKey: .isChanging)
        guard isValid else {
            throw DecodingError.dataCorruptedError(
                forKey: .bound, in: container, debugDescription: "\(bound), \(fed), \(count) are no partitions")
        }
    }
}
