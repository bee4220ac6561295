// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP
internal import CQRS
public import CQRSUpkeep
public import Logging
internal import Metrics

/// Shows how many events a read model is behind: `cqrs_projection_lag_events`, those ready in its queue and those this
/// process has in hand.
///
/// Several consumers of one queue each count what is ready: the largest of their numbers tells about all, not the sum.
/// While the broker is away the gauge keeps its last value.
public struct QueueLag: Sendable {
    private let configuration: AMQPConfiguration
    private let queue: String
    private let interval: Duration
    private let inHand: @Sendable () -> Int
    private let sightings: QueueSightings
    private let gauge: Meter
    private let logger: Logger

    /// Prepares looking.
    ///
    /// - Parameters:
    ///   - configuration: where the broker is. The connection is one of its own, for as long as the looking goes on.
    ///   - queue: the queue.
    ///   - projection: the read model's permanent name, the metric's label.
    ///   - interval: the time between looks.
    ///   - inHand: how many deliveries this process has not settled.
    ///   - sightings: is told of each look.
    ///   - logger: for a broker that is away, at `debug`: others say it louder.
    public init(
        configuration: AMQPConfiguration, queue: String, projection: String, interval: Duration = .seconds(2),
        inHand: @Sendable @escaping () -> Int, sightings: QueueSightings, logger: Logger
    ) {
        self.configuration = configuration
        self.queue = queue
        self.interval = interval
        self.inHand = inHand
        self.sightings = sightings
        gauge = Meter(label: "cqrs_projection_lag_events", dimensions: [("projection", projection)])
        self.logger = logger
    }

    /// Looks until it is cancelled.
    public func run() async {
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
            let ready = try await connection.checkQueue(queue).messages
            sightings.saw(ready, at: now)
            gauge.set(ready + inHand())
            try await Task.sleep(for: interval)
        }
    }
}
