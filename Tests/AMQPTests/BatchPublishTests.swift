// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import Foundation
import TestSupport
import Testing

/// Messages with the identifiers 0, 1, 2 …
private func makeMessages(_ count: Int, to exchange: String, name: String = "") -> [AMQPMessage] {
    (0..<count).map { number in
        AMQPMessage(
            exchange: exchange, routingKey: "k", properties: AMQPProperties(messageID: "\(name)\(number)"),
            body: Array(repeating: 0, count: 100))
    }
}

private func identifiers(of messages: some Sequence<AMQPMessage>) -> [String] {
    messages.compactMap(\.properties.messageID)
}

/// The identifiers of everything in a queue, which is empty afterwards.
private func identifiers(in queue: String, _ configuration: AMQPConfiguration) async throws -> [String] {
    let count = try await AMQPConnection.withConnection(configuration) { try await $0.checkQueue(queue).messages }
    return try await AMQPConsumer.running(configuration, queue: queue, prefetch: 1000) { consumer in
        try await consumer.take(count).compactMap(\.properties.messageID)
    }
}

@Suite("Publishing an array", .enabled(if: TestBroker.isThere, TestBroker.note), .timeLimit(.minutes(2)))
struct BatchPublishTests {
    private static let invalid = AMQPMessage(
        exchange: "", routingKey: String(repeating: "x", count: 256), body: [])

    @Test(
        "confirms all and keeps their order, also where it is larger than the window",
        arguments: [1, 10, 1024])
    func order(_ window: Int) async throws {
        var configuration = try TestBroker.configuration()
        configuration.windowMessages = window
        let narrow = configuration
        try await withTopology(narrow) { exchange, queue, _ in
            let messages = makeMessages(1500, to: exchange)
            let outcomes = try await AMQPPublisher.running(narrow) { await $0.publish(messages) }
            #expect(outcomes == Array(repeating: nil, count: messages.count))
            let there = try await identifiers(in: queue, narrow)
            #expect(there == identifiers(of: messages))
        }
    }

    @Test("gives every outcome in the place of its message")
    func mixed() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            var messages = makeMessages(100, to: exchange)
            var expected = [AMQPError.Code?](repeating: nil, count: messages.count)
            for place in [0, 40, 99] {
                messages[place] = AMQPMessage(exchange: "", routingKey: "no-such-queue", body: [])
                expected[place] = .unroutable
            }
            for place in [1, 50, 51] {
                messages[place] = Self.invalid
                expected[place] = .invalidArgument
            }
            let outcomes = try await AMQPPublisher.running(configuration) { await $0.publish(messages) }
            #expect(outcomes.map { $0?.code } == expected)
            #expect(outcomes[40]?.replyCode == 312)
            let there = try await identifiers(in: queue, configuration)
            #expect(there == identifiers(of: messages))
        }
    }

    @Test("reports a missing exchange in its place, and confirms the others")
    func missingExchange() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            var messages = makeMessages(20, to: exchange)
            messages[7] = AMQPMessage(exchange: "no-such-exchange", routingKey: "k", body: [])
            let outcomes = try await AMQPPublisher.running(configuration) { await $0.publish(messages) }
            #expect(outcomes.enumerated().filter { $0.element != nil }.map(\.offset) == [7])
            #expect(outcomes[7]?.code == .notFound)
            // Repeats after a refused message are allowed, losses are not.
            let there = try await identifiers(in: queue, configuration)
            #expect(Set(there) == Set(identifiers(of: messages)))
        }
    }

    @Test("gives each of many tasks its own outcomes")
    func manyTasks() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            try await AMQPPublisher.running(configuration) { publisher in
                await withTaskGroup(of: Void.self) { group in
                    for task in 0..<20 {
                        group.addTask {
                            var messages = makeMessages(100, to: exchange, name: "\(task)-")
                            messages[task] = AMQPMessage(exchange: "", routingKey: "no-such-queue", body: [])
                            let outcomes = await publisher.publish(messages)
                            #expect(outcomes.enumerated().filter { $0.element != nil }.map(\.offset) == [task])
                        }
                    }
                }
            }
            let there = try await identifiers(in: queue, configuration)
            #expect(there.count == 20 * 99)
            for task in 0..<20 {
                let own = there.filter { $0.hasPrefix("\(task)-") }
                #expect(own == (0..<100).filter { $0 != task }.map { "\(task)-\($0)" })
            }
        }
    }

    @Test("returns at once where there is nothing to publish")
    func nothing() async throws {
        // Never run: nothing else would end this before the timeout.
        let publisher = AMQPPublisher(configuration: AMQPConfiguration(), logger: testLogger)
        let clock = ContinuousClock()
        let time = await clock.measure {
            #expect(await publisher.publish([]) == [])
            let outcomes = await publisher.publish([Self.invalid, Self.invalid])
            #expect(outcomes.map { $0?.code } == [.invalidArgument, .invalidArgument])
        }
        #expect(time < AMQPConfiguration().publishTimeout)
    }

    @Test("is refused as a whole once the publisher has ended")
    func closed() async throws {
        let configuration = try TestBroker.configuration()
        let publisher = try await AMQPPublisher.running(configuration) { $0 }
        var messages = makeMessages(3, to: "")
        messages[1] = Self.invalid
        let outcomes = await publisher.publish(messages)
        #expect(outcomes.map { $0?.code } == [.closed, .invalidArgument, .closed])
        #expect(await publisher.publish([]) == [])
    }

    @Test("is never published for a task that is cancelled already")
    func cancelledBefore() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            let publisher = AMQPPublisher(configuration: configuration, logger: testLogger)
            var messages = makeMessages(500, to: exchange)
            messages[3] = Self.invalid
            var expected = [AMQPError.Code?](repeating: .cancelled, count: messages.count)
            expected[3] = .invalidArgument
            let array = messages
            let outcomes = await withTaskGroup(of: [AMQPError?].self) { group in
                group.addTask { await publisher.publish(array) }
                group.cancelAll()
                return await group.next() ?? []
            }
            #expect(outcomes.map { $0?.code } == expected)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await publisher.run() }
                let last = makeMessages(1, to: exchange, name: "last")
                #expect(await publisher.publish(last) == [nil])
                group.cancelAll()
                try await group.waitForAll()
            }
            let there = try await identifiers(in: queue, configuration)
            #expect(there == ["last0"])
        }
    }

    @Test("cancelled half-way, keeps what is confirmed and publishes nothing more")
    func cancelledHalfWay() async throws {
        let direct = try TestBroker.configuration()
        let proxy = try TCPProxy(target: direct.addresses[0].port)
        defer { proxy.close() }
        var changed = direct
        changed.addresses = [AMQPAddress(host: "127.0.0.1", port: proxy.port)]
        changed.windowMessages = 16
        let configuration = changed
        try await withTopology(direct) { exchange, queue, _ in
            let messages = makeMessages(1000, to: exchange)
            let outcomes = try await AMQPPublisher.running(configuration) { publisher in
                try await expectEventually { publisher.status == .connected }
                // Less than half of the messages; several windows all the same.
                proxy.after(bytes: 50_000) { $0.setStalled(true) }
                let outcomes = try await withThrowingTaskGroup(of: [AMQPError?].self) { group in
                    group.addTask { await publisher.publish(messages) }
                    try await expectEventually { proxy.isStalled }
                    group.cancelAll()
                    return try await group.next() ?? []
                }
                proxy.setStalled(false)
                let last = makeMessages(1, to: exchange, name: "last")
                #expect(await publisher.publish(last) == [nil])
                return outcomes
            }
            let confirmed = outcomes.prefix { $0 == nil }.count
            #expect(confirmed > 0)
            #expect(outcomes.count == messages.count)
            #expect(outcomes.dropFirst(confirmed).allSatisfy { $0?.code == .cancelled })
            let there = try await identifiers(in: queue, direct)
            // Written is what was confirmed, and at most a window more.
            let written = there.dropLast()
            #expect(there.last == "last0")
            #expect(Array(written) == identifiers(of: messages.prefix(written.count)))
            #expect((confirmed...confirmed + configuration.windowMessages).contains(written.count))
        }
    }

    /// Behind a proxy, with a small window and a short patience.
    private func configuration(_ proxy: TCPProxy, publishTimeout: Duration) throws -> AMQPConfiguration {
        var configuration = try TestBroker.configuration()
        configuration.addresses = [AMQPAddress(host: "127.0.0.1", port: proxy.port)]
        configuration.windowMessages = 16
        configuration.publishTimeout = publishTimeout
        configuration.reconnectMaximum = .milliseconds(300)
        return configuration
    }

    @Test("cut off half-way, is published to its end on the next connection")
    func cut() async throws {
        let direct = try TestBroker.configuration()
        let proxy = try TCPProxy(target: direct.addresses[0].port)
        defer { proxy.close() }
        let configuration = try configuration(proxy, publishTimeout: direct.publishTimeout)
        try await withTopology(direct) { exchange, queue, _ in
            let messages = makeMessages(1000, to: exchange)
            let outcomes = try await AMQPPublisher.running(configuration) { publisher in
                try await expectEventually { publisher.status == .connected }
                proxy.after(bytes: 50_000) { $0.cut() }
                return await publisher.publish(messages)
            }
            #expect(!proxy.isArmed)
            #expect(outcomes == Array(repeating: nil, count: messages.count))
            let there = try await identifiers(in: queue, direct)
            #expect(Set(there) == Set(identifiers(of: messages)))
        }
    }

    @Test("cut off half-way for longer, has an outcome in every place, and a repeat of what failed loses nothing")
    func cutForLonger() async throws {
        let direct = try TestBroker.configuration()
        let proxy = try TCPProxy(target: direct.addresses[0].port)
        defer { proxy.close() }
        let configuration = try configuration(proxy, publishTimeout: .seconds(3))
        try await withTopology(direct) { exchange, queue, _ in
            let messages = makeMessages(1000, to: exchange)
            try await AMQPPublisher.running(configuration) { publisher in
                try await expectEventually { publisher.status == .connected }
                proxy.after(bytes: 50_000) {
                    $0.setRefusing(true)
                    $0.cut()
                }
                let outcomes = await publisher.publish(messages)
                #expect(outcomes.count == messages.count)
                #expect(outcomes.first == .some(nil))
                let codes = Set(outcomes.compactMap { $0?.code })
                #expect(!codes.isEmpty)
                #expect(codes.isSubset(of: [.connectionFailed, .connectionLost, .timedOut]))
                proxy.setRefusing(false)
                var left = zip(messages, outcomes).filter { $1 != nil }.map(\.0)
                try await expectEventually {
                    left = zip(left, await publisher.publish(left)).filter { $1 != nil }.map(\.0)
                    return left.isEmpty
                }
            }
            let there = try await identifiers(in: queue, direct)
            #expect(Set(there) == Set(identifiers(of: messages)))
        }
    }
}
