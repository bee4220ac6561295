// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Sends events to everyone who subscribed to them.
public protocol EventPublisher: Sendable {
    /// Publishes events, in their order.
    ///
    /// Returns after the broker has taken responsibility for each, or refused it. An event that failed may have been
    /// published all the same: repeating it is safe, since its ``RecordedEvent/id`` stays the same.
    ///
    /// - Returns: what became of each event, in order.
    func publish(_ events: [RecordedEvent]) async -> [PublishOutcome]
}
