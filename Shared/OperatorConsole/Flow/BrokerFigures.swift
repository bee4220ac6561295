// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import CQRS
internal import CQRSAMQP
internal import Essentials

/// What the broker says of the queues.
struct BrokerFigures: Sendable {
    /// The queue that a generation is fed from.
    struct Feeding: Sendable {
        let generation: Generation
        let queue: String
        let isServing: Bool
        /// Whether it is to be fed just now.
        let isFed: Bool
        /// `nil` when there is no such queue.
        let state: AMQPQueueState?

        var isWithoutConsumer: Bool { isFed && (state?.consumers ?? 0) == 0 }
    }

    /// The queues of one read model.
    struct Queues: Sendable {
        var feeding: [Feeding] = []
        /// Deliveries that wait for another attempt.
        var retrying = 0
        /// Those that were put aside.
        var dead = 0
    }

    var readModels: [String: Queues] = [:]
    /// Messages that no queue is bound for.
    var unrouted = 0

    /// Looks at all queues by declaring them passively, which needs no rights and changes nothing (AMQP 0-9-1, `queue.declare`).
    ///
    /// - Parameter states: which generations there are; the first one where nothing is said.
    /// - Throws: `AMQPError`.
    static func look(
        _ connection: AMQPConnection, _ readModels: [String], _ states: [String: GenerationRecord]
    ) async throws -> BrokerFigures {
        var figures = BrokerFigures()
        for name in readModels {
            let state = states[name]?.state ?? GenerationState()
            var queues = Queues()
            for generation in state.living {
                let place = state.queue(of: generation)
                let queue = EventTopology.queue(of: name, place)
                queues.feeding.append(
                    Feeding(
                        generation: generation, queue: queue, isServing: generation == state.serving,
                        isFed: state.queues.contains(place), state: try await connection.state(of: queue)))
                for delay in EventTopology.retryDelays {
                    let retries = EventTopology.retryQueue(of: queue, after: delay)
                    queues.retrying += try await connection.state(of: retries)?.messages ?? 0
                }
            }
            let dead = EventTopology.deadLetterQueue(of: EventTopology.queue(of: name))
            queues.dead = try await connection.state(of: dead)?.messages ?? 0
            figures.readModels[name] = queues
        }
        figures.unrouted = try await connection.state(of: EventTopology.unrouted)?.messages ?? 0
        return figures
    }
}
