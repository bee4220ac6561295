// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("Nothing accepted is lost, and one address is one user", .serialized, .timeLimit(.minutes(10)))
    struct CommandSideTests {
        @Test("commands are accepted while the broker is away, and readable soon after its start")
        func brokerAway() async throws {
            try await TestSystem.run { system, _ in
                try await system.broker.stop()
                let emails = (0..<1000).map { "away\($0)@example.org" }
                #expect(try await system.postAll(emails).accepted.count == 1000)
                #expect(await system.commandAPI.isReady())
                try await system.broker.start()
                let start = ContinuousClock.now
                try await eventually("all readable") { try await system.countReadable(emails) == 1000 }
                print("1,000 users readable \(ContinuousClock.now - start) after the broker's start")
            }
        }

        @Test("of many who register the same addresses at once, through two instances, one each gets it")
        func sameAddresses() async throws {
            try await TestSystem.run(commandAPIs: 2) { system, _ in
                let emails = (0..<500).map { "same\($0)@example.org" }
                let accepted = Collected<String>()
                let taken = Collected<String>()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for client in 0..<32 {
                        group.addTask {
                            for email in emails {
                                let spelling = client.isMultiple(of: 3) ? email.uppercased() : email
                                let answer = try await HTTP.post(
                                    "\(system.commandAPIs[client % 2].url)/users",
                                    json: #"{"name":"Ada","email":"\#(spelling)"}"#)
                                switch answer.status {
                                case 202: accepted.add(try Accepted(answer).eventId)
                                case 409: taken.add(email)
                                default: throw UnexpectedAnswer(answer)
                                }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(accepted.all.count == 500)
                #expect(taken.all.count == 31 * 500)
                let audit = try await system.expectPromises(accepted: accepted.all)
                #expect(audit.users.count == 500)
                #expect(try await system.countReadable(emails) == 500)
            }
        }

        @Test("two who register one address at the same moment, a thousand times over: one is accepted")
        func thousandRounds() async throws {
            try await TestSystem.run(commandAPIs: 2) { system, _ in
                let accepted = Collected<String>()
                for round in 0..<1000 {
                    async let first = register("round\(round)@example.org", system, 0)
                    async let second = register("Round\(round)@Example.org", system, 1)
                    let answers = try await [first, second]
                    #expect(answers.map(\.status).sorted() == [202, 409])
                    for answer in answers where answer.status == 202 { accepted.add(try Accepted(answer).eventId) }
                }
                #expect(try await system.expectPromises(accepted: accepted.all).users.count == 1000)
            }
        }

        private func register(_ email: String, _ system: TestSystem, _ instance: Int) async throws -> HTTPAnswer {
            try await HTTP.post(
                "\(system.commandAPIs[instance].url)/users", json: #"{"name":"Ada","email":"\#(email)"}"#)
        }

        @Test("32 clients who change one user at once leave one version for each change that was accepted")
        func oneUser() async throws {
            try await TestSystem.run(commandAPIs: 2) { system, _ in
                let registered = try Accepted(try await system.post(email: "one@example.org"))
                let accepted = Collected<Accepted>()
                let lost = Collected<Int>()
                try await inParallel(32, count: 320) { number in
                    let answer = try await HTTP.send(
                        "PATCH", "\(system.commandAPIs[number % 2].url)/users/one@example.org",
                        json: #"{"name":"Ada \#(number)"}"#)
                    switch answer.status {
                    case 202: accepted.add(try Accepted(answer))
                    case 409: lost.add(number)
                    default: throw UnexpectedAnswer(answer)
                    }
                }
                #expect(accepted.all.count + lost.all.count == 320)
                #expect(accepted.all.count >= 100)
                #expect(Set(accepted.all.map(\.version)).count == accepted.all.count)
                let audit = try await system.expectPromises(
                    accepted: accepted.all.map(\.eventId) + [registered.eventId])
                #expect(audit.events.count == accepted.all.count + 1)
            }
        }

        @Test("an address moves with its user, is free after a deletion at once, and a stale entity tag is refused")
        func lifecycle() async throws {
            try await TestSystem.run { system, _ in
                let url = "\(system.commandAPI.url)/users"
                let first = try Accepted(try await system.post(email: "old@example.org"))
                let moved = try await HTTP.send(
                    "PATCH", "\(url)/old@example.org", json: #"{"email":"new@example.org"}"#,
                    headers: [("If-Match", "\"1\"")])
                #expect(moved.status == 202)
                #expect(moved.header("etag") == "\"2\"")
                #expect(try await HTTP.send("DELETE", "\(url)/old@example.org").status == 404)
                let stale = try await HTTP.send(
                    "PATCH", "\(url)/new@example.org", json: #"{"name":"Eve"}"#, headers: [("If-Match", "\"1\"")])
                #expect(stale.status == 412)
                let second = try Accepted(try await system.post(email: "old@example.org"))
                #expect(second.id != first.id)
                #expect(try await HTTP.send("DELETE", "\(url)/new@example.org").status == 202)
                let third = try Accepted(try await system.post(email: "new@example.org"))
                #expect(![first.id, second.id].contains(third.id))
                let audit = try await system.expectPromises(accepted: [first.eventId, second.eventId, third.eventId])
                #expect(audit.users.values.count { $0.email != nil } == 2)
                let found = try await system.get("new@example.org")
                #expect(found.status == 200)
                #expect(found.body.contains(third.id))
            }
        }
    }
}
