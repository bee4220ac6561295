// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What happened to one entity, as the event store has it: all that a projector needs to know of the store.
public protocol EventHistory: Sendable {
    /// The events of a stream in order of version.
    ///
    /// - Parameters:
    ///   - version: the version before the first wanted; 0 for all.
    ///   - limit: the most events to return, at least 1.
    /// - Throws: an error with a ``FailureCategory``.
    func read(_ stream: StreamID, after version: Int64, limit: Int) async throws -> [RecordedEvent]
}
