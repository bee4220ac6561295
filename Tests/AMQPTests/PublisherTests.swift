// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import Foundation
import Testing

@Suite("A publisher", .enabled(if: TestBroker.isThere, TestBroker.note), .timeLimit(.minutes(2)))
struct PublisherTests {
    @Test("returns after the confirm, and the message is in the queue with all its properties")
    func confirm() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            let properties = AMQPProperties(
                contentType: "application/json", contentEncoding: "identity", headers: ["a": 1, "b": "two"],
                deliveryMode: .persistent, priority: 3, correlationID: "c", replyTo: "r", expiration: "60000",
                messageID: "m", timestamp: 1_700_000_000, type: "t", userID: "guest", appID: "app")
            let message = AMQPMessage(
                exchange: exchange, routingKey: "user.created", properties: properties, body: Array("{}".utf8))
            try await AMQPPublisher.running(configuration) { try await $0.publish(message) }
            let found = try await AMQPConnection.withConnection(configuration) { try await $0.get(queue: queue) }
            let delivery = try #require(found)
            #expect(delivery.properties == properties)
            #expect(delivery.body == Array("{}".utf8))
            #expect(delivery.exchange == exchange)
            #expect(delivery.routingKey == "user.created")
            #expect(!delivery.hasOmittedHeaders)
        }
    }

    @Test("keeps bodies of any size whole", arguments: [0, 1, 131_063, 131_064, 131_065, 3_000_000])
    func bodySize(_ size: Int) async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try await AMQPPublisher.running(configuration) { publisher in
                try await publisher.publish(AMQPMessage(exchange: exchange, routingKey: "k", body: body))
            }
            let found = try await AMQPConnection.withConnection(configuration) { try await $0.get(queue: queue) }
            #expect(found?.body == body)
        }
    }

    @Test("chooses a message identifier where the caller has none")
    func messageID() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            try await AMQPPublisher.running(configuration) { publisher in
                try await publisher.publish(AMQPMessage(exchange: exchange, routingKey: "k", body: []))
            }
            let found = try await AMQPConnection.withConnection(configuration) { try await $0.get(queue: queue) }
            #expect(found?.properties.messageID?.count == 32)
        }
    }

    @Test("confirms the messages of many tasks, each to its own task")
    func manyTasks() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            try await AMQPPublisher.running(configuration) { publisher in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for task in 0..<50 {
                        group.addTask {
                            for number in 0..<100 {
                                let message = AMQPMessage(
                                    exchange: exchange, routingKey: "k", body: Array("\(task)/\(number)".utf8))
                                try await publisher.publish(message)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            let state = try await AMQPConnection.withConnection(configuration) { try await $0.checkQueue(queue) }
            #expect(state.messages == 5000)
        }
    }

    @Test("keeps the order of each task's messages")
    func order() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            try await AMQPPublisher.running(configuration) { publisher in
                for number in 0..<200 {
                    try await publisher.publish(
                        AMQPMessage(exchange: exchange, routingKey: "k", body: Array("\(number)".utf8)))
                }
            }
            let bodies = try await AMQPConsumer.running(configuration, queue: queue) { consumer in
                try await consumer.take(200).map { String(decoding: $0.body, as: UTF8.self) }
            }
            #expect(bodies == (0..<200).map(String.init))
        }
    }

    @Test("tells the caller of a mandatory message that reaches no queue, and no other caller")
    func unroutable() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            try await AMQPPublisher.running(configuration) { publisher in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<200 {
                        group.addTask {
                            let message = AMQPMessage(
                                exchange: number.isMultiple(of: 2) ? "" : exchange,
                                routingKey: number.isMultiple(of: 2) ? "no-such-queue" : "k", body: [1])
                            let error = await failure { try await publisher.publish(message) }
                            #expect(error?.code == (number.isMultiple(of: 2) ? .unroutable : nil))
                            #expect(error?.replyCode == (number.isMultiple(of: 2) ? 312 : nil))
                        }
                    }
                    try await group.waitForAll()
                }
            }
            let state = try await AMQPConnection.withConnection(configuration) { try await $0.checkQueue(queue) }
            #expect(state.messages == 100)
        }
    }

    @Test("lets a message that is not mandatory go unrouted")
    func notMandatory() async throws {
        let configuration = try TestBroker.configuration()
        try await AMQPPublisher.running(configuration) { publisher in
            try await publisher.publish(
                AMQPMessage(exchange: "", routingKey: "no-such-queue", body: [], mandatory: false))
        }
    }

    @Test("reports a missing exchange to its callers, while the messages for others are confirmed")
    func missingExchange() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            try await AMQPPublisher.running(configuration) { publisher in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<100 {
                        group.addTask {
                            let isMissing = number.isMultiple(of: 10)
                            let message = AMQPMessage(
                                exchange: isMissing ? "no-such-exchange" : exchange, routingKey: "k", body: [1])
                            let error = await failure { try await publisher.publish(message) }
                            #expect(error?.code == (isMissing ? .notFound : nil))
                            #expect(error?.replyCode == (isMissing ? 404 : nil))
                        }
                    }
                    try await group.waitForAll()
                }
            }
            // Repeats after a refused message are allowed, losses are not.
            let state = try await AMQPConnection.withConnection(configuration) { try await $0.checkQueue(queue) }
            #expect(state.messages >= 90)
        }
    }

    @Test("reports a message that the broker refuses: another user's name")
    func wrongUser() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, _, _ in
            try await AMQPPublisher.running(configuration) { publisher in
                let message = AMQPMessage(
                    exchange: exchange, routingKey: "k", properties: AMQPProperties(userID: "somebody"), body: [])
                #expect(await failure { try await publisher.publish(message) }?.code == .preconditionFailed)
                try await publisher.publish(AMQPMessage(exchange: exchange, routingKey: "k", body: []))
            }
        }
    }

    @Test("reports a message that a full queue did not take")
    func nack() async throws {
        let configuration = try TestBroker.configuration()
        let arguments: AMQPTable = ["x-max-length": 1, "x-overflow": "reject-publish"]
        try await withTopology(configuration, arguments: arguments) { exchange, _, _ in
            try await AMQPPublisher.running(configuration) { publisher in
                let message = AMQPMessage(exchange: exchange, routingKey: "k", body: [1])
                var errors: [AMQPError.Code?] = []
                for _ in 0..<5 { errors.append(await failure { try await publisher.publish(message) }?.code) }
                #expect(errors.first == .some(nil))
                #expect(errors.last == .nacked)
            }
        }
    }

    @Test("refuses what breaks a limit of the protocol, and goes on")
    func limits() async throws {
        let configuration = try TestBroker.configuration()
        let long = String(repeating: "x", count: 256)
        var deep = AMQPTable()
        for _ in 0..<AMQPTable.maximumDepth { deep = ["deeper": .table(deep)] }
        let messages = [
            AMQPMessage(exchange: long, routingKey: "k", body: []),
            AMQPMessage(exchange: "", routingKey: long, body: []),
            AMQPMessage(exchange: "", routingKey: "k", properties: AMQPProperties(type: long), body: []),
            AMQPMessage(exchange: "", routingKey: "k", properties: AMQPProperties(expiration: "soon"), body: []),
            AMQPMessage(exchange: "", routingKey: "k", properties: AMQPProperties(headers: [long: 1]), body: []),
            AMQPMessage(exchange: "", routingKey: "k", properties: AMQPProperties(headers: deep), body: []),
            AMQPMessage(
                exchange: "", routingKey: "k",
                properties: AMQPProperties(headers: ["h": .bytes(Array(repeating: 0, count: 131_072))]), body: []),
        ]
        try await withTopology(configuration) { exchange, _, _ in
            try await AMQPPublisher.running(configuration) { publisher in
                for message in messages {
                    #expect(await failure { try await publisher.publish(message) }?.code == .invalidArgument)
                }
                try await publisher.publish(AMQPMessage(exchange: exchange, routingKey: "k", body: []))
            }
        }
    }

    @Test("stays within a window of one message, or of one byte")
    func smallWindow() async throws {
        var configuration = try TestBroker.configuration()
        configuration.windowMessages = 1
        configuration.windowBytes = 1
        let smallest = configuration
        try await withTopology(configuration) { exchange, queue, _ in
            try await AMQPPublisher.running(smallest) { publisher in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<200 {
                        group.addTask {
                            try await publisher.publish(AMQPMessage(exchange: exchange, routingKey: "k", body: [1, 2]))
                        }
                    }
                    try await group.waitForAll()
                }
            }
            let state = try await AMQPConnection.withConnection(smallest) { try await $0.checkQueue(queue) }
            #expect(state.messages == 200)
        }
    }

    @Test("gives up when its caller is cancelled")
    func cancel() async throws {
        // Never run, so that the message cannot be sent.
        let publisher = AMQPPublisher(configuration: AMQPConfiguration(), logger: testLogger)
        let error = await withTaskGroup(of: AMQPError?.self) { group in
            group.addTask {
                await failure { try await publisher.publish(AMQPMessage(exchange: "", routingKey: "k", body: [])) }
            }
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(error?.code == .cancelled)
    }

    @Test("waits for the confirms of what it has taken before it ends, and takes no more")
    func shutdown() async throws {
        let configuration = try TestBroker.configuration()
        try await withTopology(configuration) { exchange, queue, _ in
            let publisher = AMQPPublisher(configuration: configuration, logger: testLogger)
            let confirmed = try await withThrowingTaskGroup(of: Bool.self) { group in
                let running = Task { try await publisher.run() }
                try await expectEventually { publisher.status == .connected }
                for _ in 0..<500 {
                    group.addTask {
                        let message = AMQPMessage(exchange: exchange, routingKey: "k", body: [1])
                        let error = await failure { try await publisher.publish(message) }
                        #expect(error == nil || error?.code == .closed)
                        return error == nil
                    }
                }
                running.cancel()
                try await running.value
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(publisher.status == .closed)
            let late = await failure {
                try await publisher.publish(AMQPMessage(exchange: exchange, routingKey: "k", body: []))
            }
            #expect(late?.code == .closed)
            let state = try await AMQPConnection.withConnection(configuration) { try await $0.checkQueue(queue) }
            #expect(state.messages == confirmed)
        }
    }

    @Test("runs once")
    func once() async throws {
        let publisher = AMQPPublisher(configuration: AMQPConfiguration(port: 1), logger: testLogger)
        let first = Task { try await publisher.run() }
        first.cancel()
        try await first.value
        #expect(await failure { try await publisher.run() }?.code == .closed)
    }
}
