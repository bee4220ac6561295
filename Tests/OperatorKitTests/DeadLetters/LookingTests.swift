// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import ArgumentParser
import CQRS
import CQRSAMQP
import Essentials
import Foundation
import Testing

@testable import Consumer
@testable import OperatorKit

@Suite("Looking through dead letters", .timeLimit(.minutes(5)))
struct LookingTests {
    private func list(_ host: TestVirtualHost, _ arguments: String...) async throws -> Recorder {
        let recorder = Recorder()
        let status = try await DeadLettersCommand<Consumer>.List.parse(arguments).execute(host.broker, recorder.console)
        #expect(status == 0)
        return recorder
    }

    @Test("lists them in the order of the queue, filtered and bounded, and says how many")
    func list() async throws {
        try await TestVirtualHost.withTopology { host in
            #expect(try await list(host).lines.isEmpty)
            try await host.publish([
                letterMessage(1, 2), letterMessage(1, 1, .unknownType), letterMessage(2, 1), letterMessage(3, 1),
            ])
            let all = try await list(host)
            #expect(
                all.lines.dropFirst().map { String($0.prefix(36)) }
                    == [eventID(1, 2), eventID(1, 1), eventID(2, 1), eventID(3, 1)])
            #expect(all.errors == "4 letters\n")
            #expect(try await list(host, "--stream", stream(1)).lines.count == 3)
            #expect(try await list(host, "--reason", "unknown-type").errors == "1 letter\n")
            let first = try await list(host, "--limit", "2", "--json")
            #expect(first.errors == "the first 2; there may be more\n")
            let ids = try first.lines.map { try JSON.parseObject(Array($0.utf8))?["id"] }
            #expect(ids == [.string(eventID(1, 2)), .string(eventID(1, 1))])
        }
    }

    /// `LOOKS=1000` for more.
    private static let looks = Int(ProcessInfo.processInfo.environment["LOOKS"] ?? "") ?? 200

    @Test("takes nothing off the queue and keeps its order, however often")
    func manyTimes() async throws {
        try await TestVirtualHost.withTopology { host in
            // More than 32: a map of so few in the broker is in order by itself.
            let ids = (1...50).map { eventID($0, 1) }
            try await host.publish((1...50).map { letterMessage($0, 1) })
            try await DeadLetterQueue.withQueue("users.projection.dead", host.broker) { letters in
                for time in 1...Self.looks {
                    let seen = try await letters.allIDs()
                    guard seen == ids else {
                        Issue.record("the \(time)th time: \(seen)")
                        return
                    }
                }
                #expect(try await letters.state().messages == 50)
            }
            // Once a reader leaves early, they are all there for the next one at once.
            #expect(try await list(host, "--limit", "1").lines.count == 2)
            #expect(try await host.letterIDs() == ids)
        }
    }

    @Test("takes no more than was asked for: others see the rest meanwhile")
    func bounded() async throws {
        try await TestVirtualHost.withTopology { host in
            try await host.publish((1...10).map { letterMessage($0, 1) })
            try await DeadLetterQueue.withQueue("users.projection.dead", host.broker) { letters in
                try await letters.read(atMost: 3) { reader in
                    var taken: [String] = []
                    // What has arrived comes at once, and that may be less than all.
                    while case let next = try await reader.next(), !next.isEmpty { taken += next.map(\.record.id) }
                    #expect(taken == (1...3).map { eventID($0, 1) })
                    #expect(reader.beyondLimit == 7)
                    #expect(try await host.count("users.projection.dead") == 7)
                }
            }
            #expect(try await host.letterIDs() == (1...10).map { eventID($0, 1) })
        }
    }

    @Test("has them all back when a reader ends half-way")
    func interrupted() async throws {
        try await TestVirtualHost.withTopology { host in
            try await host.publish((1...50).map { letterMessage($0, 1) })
            try await DeadLetterQueue.withQueue("users.projection.dead", host.broker) { letters in
                struct Interruption: Error {}
                await #expect(throws: Interruption.self) {
                    try await letters.read { reader in
                        _ = try await reader.next()
                        throw Interruption()
                    }
                }
            }
            try await expectIDs(host, (1...50).map { eventID($0, 1) })
        }
    }

    private func expectIDs(_ host: TestVirtualHost, _ ids: [String]) async throws {
        // Without an orderly end nobody waits for the broker to put them back.
        let deadline = ContinuousClock.now + .seconds(30)
        while try await host.count("users.projection.dead") < ids.count, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(try await host.letterIDs() == ids)
    }

    @Test("shows single ones in full, and says which there are not")
    func show() async throws {
        try await TestVirtualHost.withTopology { host in
            try await host.publish([letterMessage(1, 1), letterMessage(1, 2)])
            let recorder = Recorder()
            let show = try DeadLettersCommand<Consumer>.Show.parse([eventID(1, 2), "nobody"])
            #expect(try await show.execute(host.broker, recorder.console) == 1)
            #expect(recorder.lines.first == "Letter \(eventID(1, 2))")
            #expect(recorder.lines.contains(#"    "email": "ada@computing.org""#))
            #expect(recorder.errors == "no letter in users.projection.dead has the id nobody\n")
            let json = Recorder()
            #expect(
                try await DeadLettersCommand<Consumer>.Show.parse(["--json", eventID(1, 1)]).execute(
                    host.broker, json.console)
                    == 0)
            #expect(json.lines.count == 1)
            #expect(try await host.letterIDs() == [eventID(1, 1), eventID(1, 2)])
        }
    }

    @Test("says so when somebody else looks at the same time")
    func others() async throws {
        try await TestVirtualHost.withTopology { host in
            try await host.publish([letterMessage(1, 1)])
            try await DeadLetterQueue.withQueue("users.projection.dead", host.broker) { letters in
                try await letters.read { reader in
                    #expect(try await reader.next().count == 1)
                    let recorder = try await list(host)
                    #expect(recorder.lines.isEmpty)
                    #expect(recorder.errors.hasPrefix("somebody else is looking at this queue"))
                }
            }
        }
    }

    @Test("says in one line why the broker cannot be used")
    func errors() async throws {
        try await TestVirtualHost.with { host in
            func complaint(_ edit: (inout AMQPConfiguration) -> Void) async throws -> String {
                var broker = host.broker
                edit(&broker)
                let list = try DeadLettersCommand<Consumer>.List.parse([])
                let error = await #expect(throws: OperatorError.self) {
                    _ = try await list.execute(broker, Recorder().console)
                }
                return error?.description ?? ""
            }
            let away = try await complaint { $0.addresses[0].port = 1 }
            #expect(away.hasPrefix("no broker answers at amqp://"))
            let stranger = try await complaint { $0.password = "wrong" }
            #expect(stranger.hasSuffix("the user or the password of AMQP_URL"))
            let elsewhere = try await complaint { $0.virtualHost = "none" }
            #expect(elsewhere.hasPrefix("the broker refuses this user"))
            let empty = try await complaint { _ in }
            #expect(empty.hasPrefix("there is no queue users.projection.dead"))
        }
    }
}
