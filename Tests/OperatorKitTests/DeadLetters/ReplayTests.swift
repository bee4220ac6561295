// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import ArgumentParser
import CQRS
import CQRSAMQP
import Essentials
import Testing
import Tracing

@testable import Consumer
@testable import OTLPTracing
@testable import OperatorKit

@Suite("Replaying dead letters", .timeLimit(.minutes(3)))
struct ReplayTests {
    private func replay(
        _ host: TestVirtualHost, _ status: Int32, _ arguments: String...
    ) async throws -> Recorder {
        let recorder = Recorder()
        let command = try DeadLettersCommand<Consumer>.Replay.parse(arguments)
        #expect(
            try await command.execute(host.broker, fed: ["users.projection"], recorder.console) == status,
            "\(recorder.errors)")
        return recorder
    }

    @Test("leaves a letter where it is whose receipt cannot be written, and fails")
    func fullDisk() async throws {
        try await TestVirtualHost.withTopology { host in
            try await host.publish((1...3).map { letterMessage($0, 1) })
            let command = try DeadLettersCommand<Consumer>.Replay.parse(["--all"])
            let error = await #expect(throws: OperatorError.self) {
                try await command.execute(host.broker, fed: ["users.projection"], Recorder(room: 1).console)
            }
            #expect(error?.exitStatus == 74)
            #expect(try await host.letterIDs() == (1...3).map { eventID($0, 1) })
        }
    }

    @Test("sends the original messages to the queue they came from, those of a stream by version")
    func order() async throws {
        try await TestVirtualHost.withTopology { host in
            let places: [(Int, Int64)] = [(1, 3), (2, 1), (1, 1), (3, 7), (1, 2), (3, 6)]
            try await host.publish(places.map { letterMessage($0.0, $0.1) })
            let recorder = try await replay(host, 0, "--all")
            #expect(recorder.lines.count == 6)
            #expect(recorder.lines.allSatisfy { $0.hasPrefix("replayed  ") })
            #expect(recorder.errors == "replayed 6 of 6 selected letters\n")
            #expect(try await host.letterIDs().isEmpty)
            let replayed = try await host.take(6, from: "users.projection")
            #expect(Set(replayed.compactMap(\.properties.messageID)) == Set(places.map { eventID($0.0, $0.1) }))
            for stream in 1...3 {
                let versions = places.filter { $0.0 == stream }.map(\.1).sorted()
                let ids = versions.map { eventID(stream, $0) }
                #expect(replayed.compactMap(\.properties.messageID).filter { ids.contains($0) } == ids)
            }
            for message in replayed {
                let place = try #require(
                    places.first { eventID($0.0, $0.1) == message.properties.messageID })
                var expected = eventMessage(place.0, place.1).properties
                expected.headers?["x-replays"] = 1
                // Quorum queues say how often a message has been delivered, from the first time on.
                var properties = message.properties
                properties.headers?["x-delivery-count"] = nil
                #expect(properties == expected)
                #expect(message.body == eventMessage(place.0, place.1).body)
            }
        }
    }

    @Test("is traced by itself, with a link to each letter's trace, in which the message goes on")
    func traced() async throws {
        try await TestVirtualHost.withTopology { host in
            let places = (1...2).map { "00-\(String(repeating: "\($0)", count: 32))-00f067aa0ba902b7-01" }
            var letters = (1...3).map { letterMessage($0, 1) }
            for (number, place) in places.enumerated() {
                letters[number].properties.headers?["traceparent"] = .string(place)
            }
            try await host.publish(letters)
            let queue = SpanQueue(BatchLimits())
            let tracer = OTLPTracer(sampler: .parentBasedAlwaysOn, limits: SpanLimits(), queue: queue)
            let command = try DeadLettersCommand<Consumer>.Replay.parse(["--all"])
            #expect(
                try await command.execute(host.broker, fed: ["users.projection"], Recorder().console, tracer: tracer)
                    == 0)
            let spans = queue.take()
            #expect(spans.map(\.name) == ["publish users.projection"])
            #expect(spans.map(\.kind) == [.producer])
            #expect(spans.first?.attributes.values.get("messaging.batch.message_count") == 3)
            #expect(spans.flatMap(\.links).map(\.context.traceParent).sorted() == places)
            let replayed = try await host.take(3, from: "users.projection")
            #expect(replayed.compactMap { $0.properties.headers?["traceparent"]?.string }.sorted() == places)
        }
    }

    @Test("sends what is selected, and leaves the others in their order")
    func selected() async throws {
        try await TestVirtualHost.withTopology { host in
            try await host.publish([
                letterMessage(1, 1), letterMessage(2, 1, .unknownType), letterMessage(3, 1), letterMessage(4, 1),
            ])
            _ = try await replay(host, 0, "--reason", "unknown-type")
            _ = try await replay(host, 0, "--stream", "\(uuid(4))")
            #expect(try await host.letterIDs() == [eventID(1, 1), eventID(3, 1)])
            let recorder = try await replay(host, 1, "--json", eventID(3, 1), "nobody")
            #expect(recorder.errors.hasPrefix("no letter has the id nobody\n"))
            let receipt = try #require(try JSON.parseObject(Array((recorder.lines.first ?? "").utf8)))
            #expect(receipt["outcome"] == "replayed")
            #expect(receipt["id"] == .string(eventID(3, 1)))
            #expect(try await host.letterIDs() == [eventID(1, 1)])
            #expect(try await host.take(3, from: "users.projection").count == 3)
        }
    }

    @Test("counts replays when a letter comes back")
    func again() async throws {
        try await TestVirtualHost.withTopology { host in
            try await host.publish([letterMessage(1, 1)])
            for count in 1...3 {
                _ = try await replay(host, 0, "--all")
                let message = try #require(try await host.take(1, from: "users.projection").first)
                #expect(message.properties.headers?["x-replays"]?.integer == Int64(count))
                try await host.publish([
                    letterMessage(
                        AMQPMessage(
                            exchange: "", routingKey: "users.projection", properties: message.properties,
                            body: message.body))
                ])
            }
        }
    }

    @Test("refuses letters without an origin or from elsewhere, unless it is told where to")
    func origins() async throws {
        try await TestVirtualHost.withTopology { host in
            var unknown = letterMessage(1, 1)
            unknown.properties.headers?["x-dead-origin-queue"] = nil
            try await host.publish([unknown, letterMessage(2, 1, from: "secrets"), letterMessage(3, 1)])
            let recorder = try await replay(host, 1, "--all")
            #expect(recorder.lines.filter { $0.hasPrefix("refused  ") }.count == 2)
            #expect(recorder.lines.contains { $0.contains("--to QUEUE") && $0.contains("secrets") })
            #expect(try await host.letterIDs() == [eventID(1, 1), eventID(2, 1)])
            _ = try await replay(host, 0, "--all", "--to", "domain_events.unrouted")
            #expect(try await host.take(2, from: "domain_events.unrouted").count == 2)
            #expect(try await host.letterIDs().isEmpty)
        }
    }

    @Test("keeps what the broker does not take, and the later letters of that stream with it")
    func notTaken() async throws {
        try await TestVirtualHost.withTopology { host in
            try await host.publish([letterMessage(1, 1), letterMessage(1, 2), letterMessage(2, 1)])
            let missing = try await replay(host, 1, "--all", "--to", "nowhere")
            #expect(missing.lines.count { $0.hasPrefix("failed  ") && $0.hasSuffix("there is no queue nowhere") } == 2)
            #expect(missing.lines.count { $0.hasPrefix("held-back  \(eventID(1, 2))") } == 1)
            #expect(try await host.letterIDs() == [eventID(1, 1), eventID(1, 2), eventID(2, 1)])

            let full = BrokerPolicy(
                name: "full", target: .queues, pattern: "^full$", priority: 0,
                definition: ["max-length": 1, "overflow": "reject-publish"])
            try await host.management.set(full)
            try await AMQPConnection.withConnection(host.broker) { connection in
                _ = try await connection.declare(
                    AMQPQueue(name: "full", arguments: ["x-queue-type": "quorum"]))
            }
            // A quorum queue notices that it is full a little later than it is.
            var filler = eventMessage(9, 1)
            (filler.exchange, filler.routingKey) = ("", "full")
            try await AMQPPublisher.running(host.broker) { publisher in
                let deadline = ContinuousClock.now + .seconds(30)
                while await publisher.publish([filler]).first ?? nil == nil, ContinuousClock.now < deadline {}
            }
            let refused = try await replay(host, 1, "--stream", stream(2), "--to", "full")
            #expect(refused.lines.first?.hasSuffix("is the queue full full?") == true)
            #expect(try await host.letterIDs() == [eventID(1, 1), eventID(1, 2), eventID(2, 1)])
        }
    }

    @Test("that ends between the broker's confirm and the removal replays twice, and loses nothing")
    func crash() async throws {
        try await TestVirtualHost.withTopology { host in
            try await host.publish([letterMessage(1, 1), letterMessage(1, 2)])
            try await DeadLetterQueue.withQueue("users.projection.dead", host.broker) { letters in
                try await letters.read { reader in
                    // They may come one by one.
                    var held = 0
                    while case let count = try await reader.next().count, count > 0 {
                        held += count
                        if held == 2 { break }
                    }
                    try await host.publish(
                        [eventMessage(1, 1)].map { message in
                            AMQPMessage(
                                exchange: "", routingKey: "users.projection", properties: message.properties,
                                body: message.body)
                        })
                    #expect(held == 2)
                }
            }
            #expect(try await host.letterIDs() == [eventID(1, 1), eventID(1, 2)])
            _ = try await replay(host, 0, "--all")
            let replayed = try await host.take(3, from: "users.projection").compactMap(\.properties.messageID)
            #expect(replayed == [eventID(1, 1), eventID(1, 1), eventID(1, 2)])
        }
    }

    @Test("takes more letters than fit into one go")
    func many() async throws {
        try await TestVirtualHost.withTopology { host in
            try await host.publish((1...600).flatMap { [letterMessage($0, 2), letterMessage($0, 1)] })
            let recorder = try await replay(host, 0, "--all")
            #expect(recorder.lines.count == 1200)
            #expect(try await host.letterIDs().isEmpty)
            let replayed = try await host.take(1200, from: "users.projection").compactMap(\.properties.messageID)
            #expect(Set(replayed).count == 1200)
            for stream in [1, 300, 600] {
                let ids = [eventID(stream, 1), eventID(stream, 2)]
                #expect(replayed.filter { ids.contains($0) } == ids)
            }
        }
    }
}
