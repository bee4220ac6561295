// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What one command caused: events of one stream that follow each other, recorded all or none, and published in order.
///
/// They share their time and where they came from. Most commits are of one event.
public struct Commit: Sendable, Equatable {
    /// The most events in a commit: a commit is one document, and what reads one event of it reads them all.
    public static let limit = 100

    /// The first of the events.
    public private(set) var first: RecordedEvent
    /// Those behind it, in order.
    public private(set) var others: [RecordedEvent]

    /// Describes a commit.
    ///
    /// - Parameters:
    ///   - first: its version is the one expected to be the stream's last, and one.
    ///   - others: of the same stream, time and origin, each with the next version; fewer than ``limit``.
    public init(_ first: RecordedEvent, _ others: [RecordedEvent] = []) {
        precondition(others.count < Self.limit, "a command causes at most \(Self.limit) events")
        for (index, event) in others.enumerated() {
            precondition(
                event.stream == first.stream && event.version == first.version + Int64(index) + 1
                    && event.recordedAt == first.recordedAt && event.metadata == first.metadata,
                "the events of a commit follow each other in one stream, at one time and from one origin")
        }
        self.first = first
        self.others = others
    }

    /// The last of the events: the one that a command is answered with.
    public var last: RecordedEvent { others.last ?? first }

    /// All events, in order.
    public var events: [RecordedEvent] { [first] + others }

    /// How many events there are.
    public var count: Int { others.count + 1 }

    /// The stream of all of them.
    public var stream: StreamID { first.stream }

    /// Forgets the idempotency key.
    public mutating func forgetKey() {
        first.metadata.idempotency = nil
        for index in others.indices { others[index].metadata.idempotency = nil }
    }
}

extension Sequence<Commit> {
    /// The events of all of them, in order.
    public var events: [RecordedEvent] {
        var events: [RecordedEvent] = []
        events.reserveCapacity(underestimatedCount)
        for commit in self {
            events.append(commit.first)
            events += commit.others
        }
        return events
    }
}
