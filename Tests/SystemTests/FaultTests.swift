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
        private func load(
            _ system: TestSystem, prefix: String, until stop: Flag, workers: Int = 16
        ) async throws -> PostResult {
            try await withThrowingTaskGroup(of: PostResult.self) { group in
                for worker in 0..<workers {
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

        @Test("a broker that is stopped and started stops no command, and no service needs a restart")
        func brokerRestart() async throws {
            try await TestSystem.run { system, _ in
                let stop = Flag()
                async let loading = load(system, prefix: "restart", until: stop)
                try await system.waitForUser("restart-0-20@example.org")
                try await system.broker.stop()
                try await eventually("not ready while the broker is away") { await !system.consumer.isReady() }
                #expect(await system.commandAPI.isReady())
                #expect(try await system.post(email: "during@example.org").status == 202)
                // What is applied already is served all the while.
                #expect(try await system.get("restart-0-0@example.org").status == 200)
                try await system.broker.start()
                try await system.waitForUser("during@example.org")
                stop.set()
                let result = try await loading
                #expect(result.refused.isEmpty)
                try await expectReadable(system, result.accepted)
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

        @Test("a frozen broker delays what is accepted, and the flow resumes after it")
        func brokerFrozen() async throws {
            try await TestSystem.run { system, _ in
                #expect(try await system.post(email: "before@example.org").status == 202)
                try await system.broker.pause()
                let emails = (0..<200).map { "frozen\($0)@example.org" }
                #expect(try await system.postAll(emails).accepted.count == 200)
                try await system.broker.resume()
                try await expectReadable(system, emails + ["before@example.org"])
            }
        }

        @Test(
            "a database that is stopped and started means 503 in between for all that is not in memory, loses nothing and dead-letters nothing"
        )
        func databaseRestart() async throws {
            try await TestSystem.run { system, _ in
                let emails = (0..<500).map { "before\($0)@example.org" }
                #expect(try await system.postAll(emails).accepted.count == emails.count)
                try await system.waitForUser("before0@example.org")
                try await system.database.stop()
                for answer in [
                    try await system.get("before1@example.org"), try await system.post(email: "away@example.org"),
                ] {
                    #expect(answer.status == 503)
                    #expect(answer.header("retry-after") != nil)
                    #expect(answer.header("content-type") == "application/problem+json")
                }
                // This one was asked for before, and is still served, marked once the change stream's silence is noticed.
                try await eventually("served from memory") {
                    let answer = try await system.get("before0@example.org")
                    #expect(answer.status == 200)
                    return answer.header("cache-status")?.contains("detail=stale") ?? false
                }
                try await eventually("not ready while the database is away") {
                    let ready = (await system.queryAPI.isReady(), await system.commandAPI.isReady())
                    return ready == (false, false)
                }
                try await system.database.start()
                try await expectReadable(system, emails)
                try await eventually("accepting again") {
                    try await system.post(email: "again@example.org").status == 202
                }
                try await eventually("ready again") {
                    let ready = (await system.queryAPI.isReady(), await system.commandAPI.isReady())
                    return ready == (true, true)
                }
                #expect(try await system.depth(of: "users.projection.dead") == 0)
            }
        }

        @Test("a database that is away for a while under load burns no attempts, and the consumer catches up by itself")
        func databaseAway() async throws {
            try await TestSystem.run { system, services in
                let stop = Flag()
                async let loading = load(system, prefix: "trickle", until: stop, workers: 2)
                try await system.waitForUser("trickle-0-5@example.org")
                // With events in hand when it goes.
                await services.pause(system.consumer)
                let emails = (0..<200).map { "held\($0)@example.org" }
                #expect(try await system.postAll(emails).accepted.count == emails.count)
                try await system.database.stop()
                await services.resume(system.consumer)
                let end = ContinuousClock.now + .seconds(20)
                try await eventually("20 seconds over", within: .seconds(60), every: .milliseconds(250)) {
                    ContinuousClock.now > end
                }
                #expect(try await system.consumerMetric("cqrs_projection_pauses_total") > 0)
                try await eventually("the lag shown") {
                    try await system.consumerMetric("cqrs_projection_lag_events") >= 200
                }
                try await system.database.start()
                try await eventually("accepting again") {
                    try await system.post(email: "again@example.org").status == 202
                }
                stop.set()
                let result = try await loading
                #expect(!result.refused.isEmpty)
                try await expectReadable(system, emails + result.accepted + ["again@example.org"])
                #expect(try await system.consumerMetric("cqrs_projection_deliveries_retried_total") == 0)
                #expect(try await system.consumerMetric("cqrs_projection_dead_letters_total") == 0)
                #expect(try await system.consumerMetric("cqrs_projection_lag_seconds_count") >= 200)
                try await eventually("no lag") { try await system.consumerMetric("cqrs_projection_lag_events") == 0 }
                try await system.expectDrained()
                let verified = try await system.verify()
                #expect(verified.status == 0, "\(verified.output)")
            }
        }

        @Test("each service ends with status 0 on SIGTERM while the broker and the database are away")
        func shutdownWithoutDependencies() async throws {
            try await TestSystem.run { system, services in
                // With events in hand that cannot be written: they wait in the queue for a consumer, which meets them
                // when the database is gone.
                let emails = (0..<200).map { "stuck\($0)@example.org" }
                await services.pause(system.consumer)
                #expect(try await system.postAll(emails).accepted.count == emails.count)
                try await system.database.kill()
                await services.resume(system.consumer)
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
