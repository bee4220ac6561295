// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// An entity as its events up to a version have made it.
struct Entity<D: Decider>: Sendable {
    let stream: StreamID
    /// The version of the last event; 0 before there is one.
    private(set) var version: Int64 = 0
    private(set) var state = D.initialState
    /// The latest time of any of its events.
    private(set) var recordedAt = Timestamp(millisecondsSinceEpoch: 0)
    /// The last event: says whether a stream is still the one that the state was made of.
    private(set) var lastEvent: UUIDv7?
    /// At which version the state was last put away, or found so; 0 when it was not.
    var snapshotVersion: Int64 = 0

    /// One that nothing has happened to.
    init(_ stream: StreamID) { self.stream = stream }

    /// One whose events were not read.
    init(unread stream: StreamID, _ head: StreamHead) {
        self.stream = stream
        version = head.version
        recordedAt = head.recordedAt
    }

    /// One that was put away.
    init(_ snapshot: StateSnapshot, _ state: D.State) {
        stream = snapshot.stream
        version = snapshot.version
        self.state = state
        recordedAt = snapshot.recordedAt
        lastEvent = snapshot.lastEvent
        snapshotVersion = snapshot.version
    }

    /// Applies the next event.
    ///
    /// - Throws: ``MalformedEvent``.
    mutating func apply(_ recorded: RecordedEvent) throws(MalformedEvent) {
        apply(try D.Event.decode(recorded), recorded)
    }

    /// Applies the next event, whose recorded form is known.
    mutating func apply(_ event: D.Event, _ recorded: RecordedEvent) {
        state = D.evolve(state, event)
        version = recorded.version
        recordedAt = max(recordedAt, recorded.recordedAt)
        lastEvent = recorded.id
    }
}
