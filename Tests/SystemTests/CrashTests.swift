// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("When the command side crashes", .serialized, .timeLimit(.minutes(10)))
    struct CrashTests {
        /// How long the two long faults last; `FAULT_SECONDS=60` for a minute.
        private static let faultTime = Duration.seconds(
            Int(ProcessInfo.processInfo.environment["FAULT_SECONDS"] ?? "") ?? 10)

        @Test(
            "a crash after each step between append and checkpoint loses nothing and leaves nothing behind",
            arguments: ["appended", "released", "published"])
        func crashPoints(step: String) async throws {
            try await TestSystem.run { system, services in
                let accepted = Collected<String>()
                let client = PersistentClient(system: system)
                // Each of these crashes the process once: the answer is lost, and the repeat meets another process.
                let commands: [(method: String, path: String, json: String?)] = [
                    ("POST", "/users", #"{"name":"Ada","email":"one@example.org"}"#),
                    ("PATCH", "/users/one@example.org", #"{"email":"two@example.org"}"#),
                    ("POST", "/users", #"{"name":"Eve","email":"one@example.org"}"#),
                    ("PATCH", "/users/two@example.org", #"{"name":"Ada Lovelace"}"#),
                    ("DELETE", "/users/two@example.org", nil),
                    ("POST", "/users", #"{"name":"Bob","email":"two@example.org"}"#),
                ]
                for (number, command) in commands.enumerated() {
                    // Releases happen only where a claim is given up.
                    let crashes = step != "released" || [1, 4].contains(number)
                    if crashes {
                        #expect(try await services.terminate(system.commandAPI) == 0)
                        try await services.start(system.commandAPI, ["CRASH_AFTER": step])
                        async let restart: Void = {
                            #expect(try await services.end(of: system.commandAPI) == 128 + SIGKILL)
                            try await services.start(system.commandAPI)
                        }()
                        let answer = try await client.send(command.method, command.path, json: command.json)
                        #expect(answer.status == 202, "\(command): \(answer.body)")
                        try await restart
                        accepted.add(try Accepted(answer).eventId)
                    } else {
                        let answer = try await client.send(command.method, command.path, json: command.json)
                        #expect(answer.status == 202, "\(command): \(answer.body)")
                        accepted.add(try Accepted(answer).eventId)
                    }
                }
                let audit = try await system.expectPromises(accepted: accepted.all)
                #expect(Set(accepted.all).count == commands.count)
                #expect(audit.events.count == commands.count)
                #expect(try await system.get("one@example.org").body.contains("Eve"))
                #expect(try await system.get("two@example.org").body.contains("Bob"))
            }
        }

        @Test("kill -9 every 2 s under load: accepted commands, events and users are as many")
        func killLoop() async throws {
            try await TestSystem.run { system, services in
                let stop = Flag()
                let accepted = Collected<String>()
                async let load: Void = register("crash", on: system, until: stop, into: accepted)
                let end = ContinuousClock.now + Self.faultTime
                while ContinuousClock.now < end {
                    // Here time itself is what is tested with.
                    try await Task.sleep(for: .seconds(2))
                    try await services.killAndRestart(system.commandAPI)
                }
                stop.set()
                try await load
                let audit = try await system.expectPromises(accepted: accepted.all)
                print(
                    "killed -9 every 2 s: \(accepted.all.count) accepted, \(audit.events.count) events, \(audit.users.count) users"
                )
                #expect(Set(accepted.all).count == accepted.all.count)
                #expect(audit.events.count == accepted.all.count)
                #expect(audit.users.count == accepted.all.count)
            }
        }

        @Test("a database killed three times under load, with repeats, loses and doubles nothing")
        func databaseKilled() async throws {
            try await TestSystem.run { system, _ in
                let stop = Flag()
                let accepted = Collected<String>()
                async let load: Void = register("db", on: system, until: stop, into: accepted)
                for _ in 0..<3 {
                    let before = accepted.all.count
                    try await eventually("load", within: .seconds(60)) { accepted.all.count > before + 300 }
                    try await system.database.kill()
                    try await system.database.start()
                }
                let before = accepted.all.count
                try await eventually("load after it", within: .seconds(60)) { accepted.all.count > before + 300 }
                stop.set()
                try await load
                let audit = try await system.expectPromises(accepted: accepted.all)
                #expect(audit.events.count == accepted.all.count)
            }
        }

        @Test("a database frozen for longer than an append is tried leaves nothing in doubt")
        func databaseFrozen() async throws {
            try await TestSystem.run { system, _ in
                let stop = Flag()
                let accepted = Collected<String>()
                let unanswered = Collected<Int>()
                async let load: Void = register("frozen", on: system, until: stop, into: accepted)
                try await eventually("load", within: .seconds(60)) { accepted.all.count > 300 }
                try await system.database.pause()
                // These are never repeated: whether they happened must not matter to anything else.
                try await inParallel(8, count: 8) { number in
                    let answer = try await system.post(email: "unrepeated\(number)@example.org")
                    #expect(answer.status == 503)
                    unanswered.add(number)
                }
                #expect(unanswered.all.count == 8)
                try await system.database.resume()
                let before = accepted.all.count
                try await eventually("load after it", within: .seconds(60)) { accepted.all.count > before + 300 }
                stop.set()
                try await load
                let audit = try await system.expectPromises(accepted: accepted.all)
                #expect((accepted.all.count...accepted.all.count + 8).contains(audit.events.count))
            }
        }

        @Test("a broker away for long under load delays, and loses nothing")
        func brokerAway() async throws {
            try await TestSystem.run(commandAPIs: 2, settings: ["RELAY_MEMORY_LIMIT": "1000"]) { system, _ in
                let stop = Flag()
                let accepted = Collected<String>()
                async let load: Void = inParallel(8, until: stop) { number in
                    let answer = try await HTTP.post(
                        "\(system.commandAPIs[number % 2].url)/users",
                        json: #"{"name":"Ada","email":"away\#(number)@example.org"}"#)
                    // Not one command is refused.
                    guard answer.status == 202 else { throw UnexpectedAnswer(answer) }
                    accepted.add(try Accepted(answer).eventId)
                }
                try await eventually("load") { accepted.all.count > 500 }
                try await system.broker.kill()
                let before = accepted.all.count
                // Here time itself is what is tested with.
                try await Task.sleep(for: Self.faultTime)
                #expect(accepted.all.count > before + 1000)
                try await system.broker.start()
                stop.set()
                try await load
                print("broker away for \(Self.faultTime): \(accepted.all.count) accepted")
                _ = try await system.expectPromises(accepted: accepted.all, within: .seconds(180))
            }
        }
    }
}

/// Registers `prefix0@example.org` and on from 16 clients that repeat what got no answer, and collects the identifiers of
/// the events accepted.
///
/// - Throws: for any answer but 202 in the end.
private func register(
    _ prefix: String, on system: TestSystem, until stop: Flag, into accepted: Collected<String>
) async throws {
    let client = PersistentClient(system: system)
    try await inParallel(16, until: stop) { number in
        let answer = try await client.register("\(prefix)\(number)@example.org")
        guard answer.status == 202 else { throw UnexpectedAnswer(answer) }
        accepted.add(try Accepted(answer).eventId)
    }
}
