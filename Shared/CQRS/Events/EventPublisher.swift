// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Sends events to everyone who subscribed to them.
public protocol EventPublisher: Sendable {
    /// Publishes one event.
    ///
    /// Returns only after the broker has taken responsibility for it. When it throws, the event may have been
    /// published all the same: repeating it is safe, since its ``RecordedEvent/id`` stays the same.
    ///
    /// - Throws: an error whose ``FailureCategory`` is `unavailable` while the broker cannot confirm.
    func publish(_ event: RecordedEvent) async throws
}
