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
        /// With the messages of its partitions; `nil` when there is no such queue.
        let state: AMQPQueueState?

        var isWithoutConsumer: Bool { isFed && (state?.consumers ?? 0) == 0 }
    }

    /// The queues of one read model.
    struct Queues: Sendable {
        /// `nil` while it is not known which generations there are.
        var feeding: [Feeding]?
        /// Deliveries that wait for another attempt; `nil` likewise.
        var retrying: Int?
        /// Those that were put aside.
        var dead = 0

        var serving: Feeding? { feeding?.first { $0.isServing } }
    }

    var readModels: [String: Queues] = [:]
    /// Messages that no queue is bound for.
    var unrouted = 0

    /// Looks at all queues by declaring them passively, which needs no rights and changes nothing (AMQP 0-9-1, `queue.declare`).
    ///
    /// - Parameter readModels: by their permanent names, with the generations that there are, as far as is known.
    /// - Throws: `AMQPError`.
    static func look(
        _ connection: AMQPConnection, _ readModels: [(name: String, generations: GenerationState?)]
    ) async throws -> BrokerFigures {
        var figures = BrokerFigures()
        for (name, generations) in readModels {
            var queues = Queues()
            if let generations { try await queues.look(connection, name, generations) }
            let dead = EventTopology.deadLetterQueue(of: EventTopology.queue(of: name))
            queues.dead = try await connection.state(of: dead)?.messages ?? 0
            figures.readModels[name] = queues
        }
        figures.unrouted = try await connection.state(of: EventTopology.unrouted)?.messages ?? 0
        return figures
    }
}

extension BrokerFigures.Queues {
    fileprivate mutating func look(
        _ connection: AMQPConnection, _ readModel: String, _ generations: GenerationState
    ) async throws {
        var (feeding, retrying) = ([BrokerFigures.Feeding](), 0)
        for generation in generations.living {
            let place = generations.queue(of: generation)
            let queue = EventTopology.queue(of: readModel, place)
            var state = try await connection.state(of: queue)
            for partition in EventTopology.partitions(of: queue, place.partitions) {
                state?.messages += try await connection.state(of: partition)?.messages ?? 0
            }
            feeding.append(
                BrokerFigures.Feeding(
                    generation: generation, queue: queue, isServing: generation == generations.serving,
                    isFed: generations.queues.contains(place), state: state))
            for delay in EventTopology.retryDelays {
                let retries = EventTopology.retryQueue(of: queue, after: delay)
                retrying += try await connection.state(of: retries)?.messages ?? 0
            }
        }
        (self.feeding, self.retrying) = (feeding, retrying)
    }
}
