// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP
public import CQRS
public import CQRSUpkeep

/// The queues of one read model's generations on the broker. Each call has a connection of its own.
public struct AMQPGenerationQueues: GenerationQueues {
    private let configuration: AMQPConfiguration
    private let readModel: any Projection.Type

    /// Works on the queues of a read model.
    ///
    /// - Parameters:
    ///   - configuration: where the broker is. The user needs the rights to make, bind and delete these queues.
    ///   - readModel: by its projection.
    public init(configuration: AMQPConfiguration, of readModel: any Projection.Type) {
        self.configuration = configuration
        self.readModel = readModel
    }

    /// Declares the queue with its retry queues and partitions, and binds it.
    ///
    /// - Throws: `AMQPError`.
    public func declare(_ queue: GenerationQueue) async throws {
        try await connected { try await $0.declare(topology(queue)) }
    }

    /// The consumers of the queue and of its partitions. Of a partition's consumers the one that takes from it counts.
    ///
    /// - Throws: `AMQPError`.
    public func consumers(of queue: GenerationQueue, _ part: GenerationQueuePart) async throws -> Int {
        try await connected { connection in
            var count = 0
            for queue in names(queue, part) { count += try await connection.state(of: queue)?.consumers ?? 0 }
            return count
        }
    }

    /// The messages that are ready in the retry queues and in the queue. Those that a consumer has in hand do not count.
    ///
    /// - Throws: `AMQPError`.
    public func backlog(of queue: GenerationQueue, _ part: GenerationQueuePart) async throws -> Int {
        try await connected { connection in
            var count = 0
            // The retry queues first: messages go from there to the queue.
            for queue in retries(queue, part) + names(queue, part) {
                count += try await connection.state(of: queue)?.messages ?? 0
            }
            return count
        }
    }

    /// Removes the binding.
    ///
    /// - Throws: `AMQPError`.
    public func detach(_ queue: GenerationQueue) async throws {
        try await connected { connection in
            guard try await connection.state(of: name(queue)) != nil else { return }
            // What leads to an exchange before what leads on from there, which would lose what still comes.
            for binding in topology(queue).bindings.reversed() { try await connection.remove(binding) }
        }
    }

    /// Deletes the queue, its retry queues and partitions, never the permanent ones.
    ///
    /// - Throws: `AMQPError`.
    public func delete(_ queue: GenerationQueue, _ part: GenerationQueuePart) async throws {
        precondition(queue.hasOwnQueue || part == .leftovers, "the permanent queue is nobody's own")
        try await connected { connection in
            for queue in retries(queue, part) + names(queue, part) { try await connection.deleteQueue(queue) }
            if part == .whole || queue.partitions.bound == 0 {
                try await connection.deleteExchange(EventTopology.partitionExchange(of: name(queue)))
            }
        }
    }

    private func names(_ queue: GenerationQueue, _ part: GenerationQueuePart) -> [String] {
        let partitions = (0..<queue.partitions.count).map { EventTopology.partition(of: name(queue), $0 + 1) }
        return switch part {
        case .whole: [name(queue)] + partitions
        case .leftovers: Array(partitions.dropFirst(queue.partitions.bound))
        }
    }

    private func retries(_ queue: GenerationQueue, _ part: GenerationQueuePart) -> [String] {
        switch part {
        case .whole: EventTopology.retryDelays.map { EventTopology.retryQueue(of: name(queue), after: $0) }
        case .leftovers: []
        }
    }

    private func name(_ queue: GenerationQueue) -> String { EventTopology.queue(of: readModel.name, queue) }

    private func topology(_ queue: GenerationQueue) -> AMQPTopology {
        EventTopology.subscription(of: readModel.name, eventPatterns: readModel.eventPatterns, queue: queue)
    }

    private func connected<Value: Sendable>(_ body: (AMQPConnection) async throws -> Value) async throws -> Value {
        try await AMQPConnection.withConnection(configuration, body)
    }
}

extension AMQPConnection {
    /// A queue's state; `nil` when there is none.
    package func state(of queue: String) throws(AMQPError) -> AMQPQueueState? {
        do throws(AMQPError) {
            return try checkQueue(queue)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }
}
