// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Hummingbird
import HummingbirdTesting
import Synchronization
import Testing

@testable import ServiceKit

@Suite("Health", .timeLimit(.minutes(1)))
struct HealthTests {
    @Test("ready only when every dependency is, with a reason for each that is not")
    func reasons() async throws {
        var service = TestService()
        service.health = Health([
            ReadinessCheck("mongodb") { .ready },
            ReadinessCheck("rabbitmq") { .notReady("no connection") },
        ])
        try await service.application().test(.router) { client in
            let response = try await client.execute(uri: "/ready", method: .get)
            #expect(response.status == .serviceUnavailable)
            #expect(
                String(buffer: response.body)
                    == #"{"ready":false,"dependencies":[{"name":"mongodb","ok":true},"#
                    + #"{"name":"rabbitmq","ok":false,"reason":"no connection"}]}"#)
            let live = try await client.execute(uri: "/live", method: .get)
            #expect(live.status == .ok)
        }
    }

    @Test("a dependency that is only informational is reported, and does not decide")
    func informational() async throws {
        var service = TestService()
        service.health = Health([
            ReadinessCheck("mongodb") { .ready },
            ReadinessCheck("rabbitmq", .informational) { .notReady("connecting") },
        ])
        try await service.application().test(.router) { client in
            let response = try await client.execute(uri: "/ready", method: .get)
            #expect(response.status == .ok)
            #expect(
                String(buffer: response.body)
                    == #"{"ready":true,"dependencies":[{"name":"mongodb","ok":true},"#
                    + #"{"name":"rabbitmq","ok":false,"required":false,"reason":"connecting"}]}"#)
        }
        let report = await Health([
            ReadinessCheck("mongodb") { .notReady("away") },
            ReadinessCheck("rabbitmq", .informational) { .ready },
        ]).report()
        #expect(!report.isReady)
    }

    @Test("a dependency that does not answer counts as not ready within the time limit")
    func timeout() async throws {
        let health = Health(
            [
                ReadinessCheck("stuck") {
                    try? await Task.sleep(for: .seconds(600))
                    return .ready
                }
            ], timeout: .milliseconds(100))
        let start = ContinuousClock.now
        let report = await health.report()
        #expect(ContinuousClock.now - start < .seconds(50))
        #expect(report.dependencies.map(\.readiness) == [.notReady("no answer in time")])
    }

    @Test("dependencies are asked at the same time")
    func concurrency() async throws {
        let started = Atomic<Int>(0)
        // Each is ready only once all have been asked: one after the other, none ever would be.
        let checks = (0..<8).map { number in
            ReadinessCheck("\(number)") {
                started.add(1, ordering: .relaxed)
                while started.load(ordering: .relaxed) < 8 {
                    do { try await Task.sleep(for: .milliseconds(5)) } catch { return .notReady("cancelled") }
                }
                return .ready
            }
        }
        let report = await Health(checks, timeout: .seconds(30)).report()
        #expect(report.isReady)
        #expect(report.dependencies.map(\.name) == (0..<8).map { "\($0)" })
    }

    @Test("health is the report with name, version and times, and the status of readiness")
    func health() async throws {
        var service = TestService()
        service.health = Health([ReadinessCheck("mongodb") { .notReady("away") }])
        try await service.application().test(.router) { client in
            let response = try await client.execute(uri: "/health", method: .get)
            #expect(response.status == .serviceUnavailable)
            let body = String(buffer: response.body)
            #expect(
                body.hasPrefix(
                    #"{"service":"test","version":"\#(projectVersion)","ready":false,"dependencies":[{"name":"mongodb","#
                        + #""ok":false,"reason":"away","durationMs":"#), "\(body)")
        }
    }

    @Test("while draining the service is live but not ready")
    func draining() async throws {
        let service = TestService()
        service.health.beginDraining()
        try await service.application().test(.router) { client in
            let ready = try await client.execute(uri: "/ready", method: .get)
            #expect(ready.status == .serviceUnavailable)
            let live = try await client.execute(uri: "/live", method: .get)
            #expect(live.status == .ok)
        }
    }
}
