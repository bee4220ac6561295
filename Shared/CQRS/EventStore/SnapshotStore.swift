// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Keeps snapshots of states. All of them may be lost at any time: they only save reading events.
public protocol SnapshotStore: Sendable {
    /// The last snapshot of a stream up to a version, among those of one form.
    ///
    /// - Throws: an error with a ``FailureCategory``.
    func snapshot(of stream: StreamID, schema: Int, through version: Int64) async throws -> StateSnapshot?

    /// Keeps a snapshot beside those of its stream from the last ``StateSnapshot/reach`` events: soon, or not at all. Returns at
    /// once.
    func keep(_ snapshot: StateSnapshot)
}
