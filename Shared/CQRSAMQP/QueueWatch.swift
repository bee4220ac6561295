// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP
public import CQRS
public import CQRSUpkeep
public import Logging
internal import Metrics

/// Looks at a read model's queue and its partitions again and again, for all that hangs on how they are.
///
/// It shows how many events the read model is behind, `cqrs_projection_lag_events`: those ready and those this process has in
/// hand. Several consumers of one queue each count what is ready: the largest of their numbers tells about all, not the sum. While
/// the broker is away the gauge keeps its last value. It tells when all was empty, keeps this process to its share of the
/// partitions, and removes bindings that partitions have replaced: the broker makes them anew when it imports its definitions.
public struct QueueWatch: Sendable {
    private let configuration: AMQPConfiguration
    private let queue: String
    private let partitions: [String]
    private let replacedBindings: [AMQPBinding]
    private let mayChangeBindings: @Sendable () async -> Bool
    private let interval: Duration
    private let inHand: @Sendable () -> Int
    private let sightings: QueueSightings
    private let share: PartitionShare
    private let gauge: Meter
    /// How many partitions this process takes from; only where there are some.
    private let taken: Meter?
    private let logger: Logger

    /// Prepares looking.
    ///
    /// - Parameters:
    ///   - configuration: where the broker is. The connection is one of its own, for as long as the looking goes on.
    ///   - queue: of which read model's generation.
    ///   - projection: the read model.
    ///   - mayChangeBindings: whether it is known for certain that the queue's partitions are these.
    ///   - interval: the time between looks.
    ///   - share: this process's consumers of the partitions.
    ///   - inHand: how many deliveries this process has not settled.
    ///   - sightings: is told of each look.
    ///   - logger: for a broker that is away, at `debug`: others say it louder.
    public init(
        configuration: AMQPConfiguration, queue: GenerationQueue, of projection: any Projection.Type,
        mayChangeBindings: @Sendable @escaping () async -> Bool, interval: Duration = .seconds(2),
        share: PartitionShare, inHand: @Sendable @escaping () -> Int,
        sightings: QueueSightings, logger: Logger
    ) {
        self.configuration = configuration
        self.queue = EventTopology.queue(of: projection.name, queue)
        partitions = EventTopology.partitions(of: self.queue, queue.partitions)
        replacedBindings =
            EventTopology.subscription(
                of: projection.name, eventPatterns: projection.eventPatterns, queue: queue
            ).replacedBindings
        self.mayChangeBindings = mayChangeBindings
        self.interval = interval
        self.share = share
        self.inHand = inHand
        self.sightings = sightings
        let dimensions = [("projection", queue.name(of: projection.name))]
        gauge = Meter(label: "cqrs_projection_lag_events", dimensions: dimensions)
        taken = partitions.isEmpty ? nil : Meter(label: "cqrs_projection_partitions", dimensions: dimensions)
        self.logger = logger
    }

    /// Looks until it is cancelled.
    public func run() async {
        defer { taken?.set(0) }
        while !Task.isCancelled {
            do {
                try await AMQPConnection.withConnection(configuration) { try await watch($0) }
            } catch {
                // A queue that is just made anew is no reason to hurry either.
                logger.debug("no look at the queue", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: interval)
        }
    }

    private func watch(_ connection: AMQPConnection) async throws {
        while !Task.isCancelled {
            let now = ContinuousClock.now
            if !replacedBindings.isEmpty, await mayChangeBindings() {
                for binding in replacedBindings { try await connection.remove(binding) }
            }
            let state = try await connection.checkQueue(queue)
            var ready = state.messages
            for partition in partitions { ready += try await connection.checkQueue(partition).messages }
            sightings.saw(ready, at: now)
            gauge.set(ready + inHand())
            // All processes consume the queue itself, whatever they have of the partitions.
            taken?.set(share.balance(among: state.consumers))
            try await Task.sleep(for: interval)
        }
    }
}
