// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import Foundation
import Logging
import Synchronization
import Testing

/// The broker of the plain integration tests: the one that `TEST_AMQP_URL` names.
///
/// Without the variable they are skipped, on a laptop; in CI (`CI=true`) they fail.
enum TestBroker {
    static let url = ProcessInfo.processInfo.environment["TEST_AMQP_URL"]
    static let isCI = ProcessInfo.processInfo.environment["CI"] == "true"
    static let isThere: Bool = url != nil || isCI
    static let note: Comment = "set TEST_AMQP_URL to a broker, such as amqp://guest:guest@localhost:5672"

    static func configuration() throws -> AMQPConfiguration {
        let url = try #require(url, "TEST_AMQP_URL is not set")
        var configuration = try AMQPConfiguration(url: url)
        // The tests run side by side on what may be a small machine; the fault tests look at timeouts.
        configuration.connectTimeout = .seconds(20)
        configuration.rpcTimeout = .seconds(20)
        configuration.publishTimeout = .seconds(20)
        return configuration
    }

    /// A name that no other test uses.
    static func name(_ purpose: String) -> String { "test.\(purpose).\(UUID().uuidString.prefix(8))" }
}

/// How much later than its timeout an error may come where all tests share two cores. Far below for ever.
let busyMachine = Duration.seconds(15)

let testLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

extension AMQPPublisher {
    /// Runs the publisher around a body, and waits for its end.
    static func running<Value: Sendable>(
        _ configuration: AMQPConfiguration, topology: AMQPTopology? = nil,
        _ body: (AMQPPublisher) async throws -> Value
    ) async throws -> Value {
        let publisher = AMQPPublisher(configuration: configuration, topology: topology, logger: testLogger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await publisher.run() }
            do {
                let value = try await body(publisher)
                group.cancelAll()
                try await group.waitForAll()
                return value
            } catch {
                group.cancelAll()
                throw error
            }
        }
    }
}

extension AMQPConsumer {
    /// Runs the consumer around a body, and waits for its end.
    static func running<Value: Sendable>(
        _ configuration: AMQPConfiguration, queue: String, prefetch: UInt16 = 100, topology: AMQPTopology? = nil,
        willCreateQueue: (@Sendable () async throws -> Void)? = nil, _ body: (AMQPConsumer) async throws -> Value
    ) async throws -> Value {
        let consumer = AMQPConsumer(
            configuration: configuration, queue: queue, prefetch: prefetch, topology: topology,
            willCreateQueue: willCreateQueue, logger: testLogger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await consumer.run() }
            do {
                let value = try await body(consumer)
                group.cancelAll()
                try await group.waitForAll()
                return value
            } catch {
                group.cancelAll()
                throw error
            }
        }
    }

    /// Takes this many deliveries and acknowledges them.
    func take(_ count: Int) async throws -> [AMQPDelivery] {
        var taken: [AMQPDelivery] = []
        while taken.count < count {
            let batch = try await nextBatch(maximum: count - taken.count)
            guard let last = batch.last else { break }
            taken += batch
            acknowledge(through: last)
        }
        return taken
    }
}

/// A queue of its own on the test broker, bound to an exchange of its own, for the time of a body.
func withTopology<Value: Sendable>(
    _ configuration: AMQPConfiguration, arguments: AMQPTable = [:],
    _ body: (_ exchange: String, _ queue: String, AMQPTopology) async throws -> Value
) async throws -> Value {
    let (exchange, queue) = (TestBroker.name("exchange"), TestBroker.name("queue"))
    let topology = AMQPTopology(
        exchanges: [AMQPExchange(name: exchange, kind: .topic)],
        queues: [AMQPQueue(name: queue, arguments: arguments)],
        bindings: [AMQPBinding(source: exchange, destination: .queue(queue), routingKey: "#")])
    func remove() async throws {
        try await AMQPConnection.withConnection(configuration) { connection in
            try await connection.deleteQueue(queue)
            try await connection.deleteExchange(exchange)
        }
    }
    try await AMQPConnection.withConnection(configuration) { try await $0.declare(topology) }
    do {
        let value = try await body(exchange, queue, topology)
        try await remove()
        return value
    } catch {
        // The test has failed already: what it failed of is what counts.
        try? await remove()
        throw error
    }
}

/// Waits for a condition, and fails the test when it does not come true in time.
func expectEventually(
    within limit: Duration = .seconds(20), at location: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        try #require(ContinuousClock.now < deadline, "not within \(limit)", sourceLocation: location)
        try await Task.sleep(for: .milliseconds(20))
    }
}

/// The error that a body throws.
func failure(of body: () async throws -> Void) async -> AMQPError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? AMQPError
    }
}
