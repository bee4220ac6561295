// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import ArgumentParser
import CQRS
import CQRSAMQP
import Essentials
import TestSupport
import Testing

@testable import Consumer
@testable import OperatorKit

@Suite("Discarding dead letters", .timeLimit(.minutes(3)))
struct DiscardTests {
    @discardableResult
    private func discard(
        _ host: TestVirtualHost, _ status: Int32, answers: [String] = [], _ arguments: String...
    ) async throws -> Recorder {
        let recorder = Recorder(answers: answers)
        let command = try DeadLettersCommand<Consumer>.Discard.parse(arguments)
        #expect(try await command.execute(host.broker, recorder.console) == status, "\(recorder.errors)")
        return recorder
    }

    @Test("removes what is selected, with a receipt for each, and leaves the others in their order")
    func selected() async throws {
        try await TestVirtualHost.withTopology { host in
            try await host.publish([
                letterMessage(1, 1), letterMessage(2, 1, .unknownType), letterMessage(3, 1), letterMessage(4, 1),
                letterMessage(5, 1),
            ])
            let recorder = try await discard(host, 0, "--yes", "--json", "--reason", "unknown-type")
            let receipt = try #require(try JSON.parseObject(Array((recorder.lines.first ?? "").utf8)))
            #expect(receipt["outcome"] == "discarded")
            #expect(receipt["id"] == .string(eventID(2, 1)))
            #expect(receipt["stream"] == .string(stream(2)))
            try await discard(host, 0, "--yes", "--stream", stream(4))
            #expect(try await host.letterIDs() == [eventID(1, 1), eventID(3, 1), eventID(5, 1)])
            let some = try await discard(host, 1, "--yes", eventID(3, 1), "nobody")
            #expect(some.lines == [DeadLetterReceipt(record(3, 1), .discarded).line])
            #expect(some.errors.contains("no letter has the id nobody\n"))
            #expect(try await host.letterIDs() == [eventID(1, 1), eventID(5, 1)])
            try await discard(host, 0, "--yes", "--all")
            #expect(try await host.letterIDs().isEmpty)
            #expect(try await host.count("users.projection") == 0)
        }
    }

    @Test("asks first, with what is selected before the eyes")
    func question() async throws {
        try await TestVirtualHost.withTopology { host in
            try await host.publish([letterMessage(1, 1), letterMessage(2, 1)])
            for answer in ["", "no", "n", "yesterday"] {
                let recorder = try await discard(host, 2, answers: [answer], "--all")
                #expect(recorder.lines.isEmpty)
                #expect(recorder.errors.contains(eventID(2, 1)))
                #expect(
                    recorder.errors.hasSuffix(
                        "Discard 2 letters from users.projection.dead for good? [y/N] nothing was discarded\n"))
            }
            #expect(try await host.letterIDs() == [eventID(1, 1), eventID(2, 1)])
            try await discard(host, 0, answers: ["y"], "--stream", stream(1))
            #expect(try await host.letterIDs() == [eventID(2, 1)])
            try await discard(host, 0, answers: ["YES"], "--all")
            #expect(try await host.letterIDs().isEmpty)
        }
    }

    @Test("does not discard what came after the question")
    func lateLetter() async throws {
        try await TestVirtualHost.withTopology { host in
            try await host.publish([letterMessage(1, 1)])
            let late = letterMessage(2, 1)
            let command = try DeadLettersCommand<Consumer>.Discard.parse(["--all"])
            let console = Recorder().console
            var tally = DeadLetterTally(json: false, console: console)
            try await DeadLetterQueue.withQueue("users.projection.dead", host.broker) { letters in
                let shown = try await command.show(letters, console)
                #expect(shown == [eventID(1, 1): 1])
                try await host.publish([late])
                try await command.discard(letters, shown: Set(shown.keys), console, &tally)
            }
            #expect(tally.finish("discarded") == 0)
            #expect(try await host.letterIDs() == [eventID(2, 1)])
        }
    }

    @Test("discards nothing whose receipt cannot be written, and fails")
    func fullDisk() async throws {
        try await TestVirtualHost.withTopology { host in
            try await host.publish((1...3).map { letterMessage($0, 1) })
            for room in 0...1 {
                let command = try DeadLettersCommand<Consumer>.Discard.parse(["--all", "--yes", "--json"])
                let error = await #expect(throws: OperatorError.self) {
                    try await command.execute(host.broker, Recorder(room: room).console)
                }
                #expect(error?.exitStatus == 74)
                // The queue has them back when it hears of the connection's end, which may be a moment after us.
                try await eventually("all are back") { try await host.letterIDs() == (1...3).map { eventID($0, 1) } }
            }
        }
    }

    @Test("refuses when nobody can be asked, before it connects")
    func noTerminal() async throws {
        var nowhere = AMQPConfiguration()
        nowhere.addresses[0].port = 1
        let recorder = Recorder()
        let command = try DeadLettersCommand<Consumer>.Discard.parse(["--all"])
        #expect(try await command.execute(nowhere, recorder.console) == 2)
        #expect(recorder.errors.contains("--yes"))
    }

    @Test("and all the rest is possible with the rights that the consumer has")
    func rights() async throws {
        try await TestVirtualHost.withTopology { host in
            try await host.permitConsumer()
            var limited = host.broker
            (limited.user, limited.password) = ("consumer", "consumer")
            try await host.publish((1...3).map { letterMessage($0, 1) })
            let recorder = Recorder()
            let console = recorder.console
            #expect(try await DeadLettersCommand<Consumer>.List.parse([]).execute(limited, console) == 0)
            #expect(try await DeadLettersCommand<Consumer>.Show.parse([eventID(1, 1)]).execute(limited, console) == 0)
            let replay = try DeadLettersCommand<Consumer>.Replay.parse([eventID(1, 1)])
            #expect(try await replay.execute(limited, fed: ["users.projection"], console) == 0)
            #expect(
                try await DeadLettersCommand<Consumer>.Discard.parse(["--yes", "--all"]).execute(limited, console) == 0)
            #expect(try await host.take(1, from: "users.projection").count == 1)
            #expect(try await host.letterIDs().isEmpty)
        }
    }
}
