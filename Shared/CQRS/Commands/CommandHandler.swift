// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Carries out commands of one kind of entity: decides, records what happened, says where it ended up.
///
/// Its only store so far is the broker, so it can decide on new entities only: state is ``Decider/initialState``.
/// The event store takes the place of the publisher here, and loading the past the place of the initial state.
public struct CommandHandler<D: Decider>: Sendable {
    private let publisher: any EventPublisher

    /// Handles commands by publishing what they cause.
    public init(publisher: any EventPublisher) { self.publisher = publisher }

    /// Carries out one command on a new stream.
    ///
    /// - Parameters:
    ///   - command: what is asked for.
    ///   - stream: the entity.
    ///   - time: when the command was accepted; goes into the events and their identifiers.
    ///   - metadata: where the command came from.
    /// - Returns: where the entity ended up, after the broker has confirmed every event.
    /// - Throws: the decider's rejection, or the publisher's error.
    public func handle(
        _ command: D.Command, stream: StreamID, at time: Timestamp, metadata: EventMetadata
    ) async throws -> CommandOutcome {
        var outcome = CommandOutcome(version: 0, event: nil)
        for event in try D.decide(command, D.initialState) {
            let recorded = RecordedEvent(
                id: UUIDv7(at: time), stream: stream, version: outcome.version + 1, type: event.type,
                schema: event.schema,
                recordedAt: time, data: event.encoded(), metadata: metadata)
            try await publisher.publish(recorded)
            outcome = CommandOutcome(version: recorded.version, event: recorded)
        }
        return outcome
    }
}

/// Where a command left its entity.
public struct CommandOutcome: Sendable, Equatable {
    /// The entity's version now.
    public let version: Int64
    /// The last event that the command caused, or `nil` when it changed nothing.
    public let event: RecordedEvent?
}
