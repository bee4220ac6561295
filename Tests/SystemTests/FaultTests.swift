// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("When parts fail", .serialized, .timeLimit(.minutes(10)))
    struct FaultTests {
        /// A load that goes on until told to stop; each user has a number of its own.
        private func load(_ system: TestSystem, prefix: String, until stop: Flag) async throws -> PostResult {
            try await withThrowingTaskGroup(of: PostResult.self) { group in
                for worker in 0..<16 {
                    group.addTask {
                        var result = PostResult()
                        var number = 0
                        while !stop.isSet {
                            let email = "\(prefix)-\(worker)-\(number)@example.org"
                            number += 1
                            // Each answer must come: a hang is a failure of its own.
                            let answer = try await system.post(email: email)
                            switch answer.status {
                            case 202: result.accepted.append(email)
                            case 503:
                                #expect(answer.header("retry-after") != nil)
                                result.refused.append(email)
                            default: throw UnexpectedAnswer(answer)
                            }
                        }
                        return result
                    }
                }
                return try await group.reduce(into: PostResult()) { $0.add($1) }
            }
        }

        private func expectReadable(_ system: TestSystem, _ emails: [String]) async throws {
            try await eventually("every accepted user readable", within: .seconds(60), every: .milliseconds(250)) {
                try await system.countReadable(emails) == emails.count
            }
        }

        @Test("a broker that is stopped and started loses no accepted user, and no service needs a restart")
        func brokerRestart() async throws {
            try await TestSystem.run { system, _ in
                let stop = Flag()
                async let loading = load(system, prefix: "restart", until: stop)
                try await system.waitForUser("restart-0-20@example.org")
                try await system.broker.stop()
                try await eventually("not ready while the broker is away") { await !system.commandAPI.isReady() }
                let refusal = try await system.post(email: "during@example.org")
                #expect(refusal.status == 503)
                #expect(refusal.header("content-type") == "application/problem+json")
                // What is applied already is served all the while.
                #expect(try await system.get("restart-0-0@example.org").status == 200)
                try await system.broker.start()
                try await eventually("ready again") { await system.commandAPI.isReady() }
                try await eventually("accepting again") {
                    try await system.post(email: "again@example.org").status == 202
                }
                stop.set()
                let result = try await loading
                #expect(!result.refused.isEmpty)
                try await expectReadable(system, result.accepted + ["again@example.org"])
            }
        }

        @Test("a broker killed with messages in flight loses no accepted user")
        func brokerKilled() async throws {
            try await TestSystem.run { system, _ in
                let stop = Flag()
                async let loading = load(system, prefix: "killed", until: stop)
                try await system.waitForUser("killed-0-20@example.org")
                try await system.broker.kill()
                try await system.broker.start()
                try await eventually("accepting again") {
                    try await system.post(email: "again@example.org").status == 202
                }
                stop.set()
                try await expectReadable(system, try await loading.accepted + ["again@example.org"])
            }
        }

        @Test("a frozen broker means 503 in bounded time, and the flow resumes after it")
        func brokerFrozen() async throws {
            try await TestSystem.run { system, _ in
                #expect(try await system.post(email: "before@example.org").status == 202)
                try await system.broker.pause()
                let started = ContinuousClock.now
                let answer = try await system.post(email: "frozen@example.org")
                #expect(answer.status == 503)
                #expect(ContinuousClock.now - started < .seconds(25))
                try await system.broker.resume()
                try await eventually("accepting again") {
                    try await system.post(email: "after@example.org").status == 202
                }
                try await expectReadable(system, ["before@example.org", "after@example.org"])
            }
        }

        @Test("a database that is stopped and started loses nothing, and dead-letters nothing")
        func databaseRestart() async throws {
            try await TestSystem.run { system, _ in
                #expect(try await system.post(email: "before@example.org").status == 202)
                try await system.waitForUser("before@example.org")
                try await system.database.stop()
                let emails = (0..<500).map { "away\($0)@example.org" }
                // The command side has nothing to do with the read model's database.
                #expect(try await system.postAll(emails).accepted.count == emails.count)
                let answer = try await system.get("before@example.org")
                #expect(answer.status == 503)
                #expect(answer.header("retry-after") != nil)
                try await eventually("not ready while the database is away") { await !system.queryAPI.isReady() }
                try await system.database.start()
                try await expectReadable(system, emails + ["before@example.org"])
                try await eventually("ready again") { await system.queryAPI.isReady() }
                #expect(try await system.depth(of: "users.projection.dead") == 0)
            }
        }

        @Test("each service ends with status 0 on SIGTERM while the broker and the database are away")
        func shutdownWithoutDependencies() async throws {
            try await TestSystem.run { system, services in
                // With events in hand that cannot be written.
                try await system.database.kill()
                #expect(try await system.post(email: "stuck@example.org").status == 202)
                try await eventually("a pause") { try await system.consumerMetric("cqrs_projection_pauses_total") > 0 }
                try await system.broker.stop()
                for service in [system.commandAPI, system.queryAPI, system.consumer] {
                    #expect(try await services.terminate(service) == 0)
                }
            }
        }

        @Test("services started before their broker and database become ready when these come")
        func startOrder() async throws {
            try await TestSystem.run { system, services in
                await services.stopAll()
                try await system.broker.stop()
                try await system.database.stop()
                let started = [system.commandAPI, system.queryAPI, system.consumer]
                for service in started { try await services.launch(service) }
                for service in started {
                    try await eventually("\(service.name) alive") {
                        (try? await HTTP.get("\(service.url)/live"))?.status == 200
                    }
                    #expect(await !service.isReady())
                }
                try await system.broker.start()
                try await system.database.start()
                for service in started { try await eventually("\(service.name) ready") { await service.isReady() } }
                #expect(try await system.post(email: "late@example.org").status == 202)
                try await system.waitForUser("late@example.org")
            }
        }
    }
}
