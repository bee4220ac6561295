// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing
import UnixSignals

@testable import ServiceKit

@Suite("Service runner", .timeLimit(.minutes(1)))
struct RunnerTests {
    final class Journal: Sendable {
        private let entries = Mutex<[String]>([])
        func note(_ entry: String) { entries.withLock { $0.append(entry) } }
        var all: [String] { entries.withLock { $0 } }
    }

    /// Runs until it is told to stop, and needs `stopping` for that.
    struct Part: Service {
        let name: String
        let journal: Journal
        var stopping = Duration.zero

        func run() async throws {
            journal.note("+\(name)")
            try? await gracefulShutdown()
            try await Task.sleep(for: stopping)
            journal.note("-\(name)")
        }
    }

    struct Failing: Service {
        struct Failure: Error {}
        func run() async throws { throw Failure() }
    }

    private let journal = Journal()
    private let health = Health([])

    /// Ignores that it is cancelled, as a call that cannot be ended does.
    struct Stuck: Service {
        let journal: Journal
        let end: Gate

        func run() async throws {
            journal.note("+stuck")
            await end.pass()
        }
    }

    private func runner(_ limits: StopLimits = StopLimits()) -> ServiceRunner {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        logger.handler = SwiftLogNoOpLogHandler()
        return ServiceRunner(name: "test", version: "1", health: health, limits: limits, logger: logger)
    }

    private func waitForStart(_ count: Int) async throws {
        let journal = journal
        try await within(.seconds(10)) {
            while journal.all.count < count { try await Task.sleep(for: .milliseconds(5)) }
        }
    }

    @Test("parts stop in reverse order, with status 0, and the service is not ready from the signal on")
    func order() async throws {
        let (signals, send) = AsyncStream.makeStream(of: UnixSignal.self)
        let parts = ["store", "broker", "http"].map { Part(name: $0, journal: journal) }
        let runner = runner()
        async let status = runner.run(parts, signals: signals) { _ in Issue.record("aborted") }
        try await waitForStart(3)
        #expect(!health.isDraining)
        send.yield(.sigterm)
        #expect(await status == 0)
        #expect(health.isDraining)
        #expect(Set(journal.all.prefix(3)) == ["+store", "+broker", "+http"])
        #expect(journal.all.suffix(3) == ["-http", "-broker", "-store"])
    }

    @Test("a stop whose time is over is cut short, and ends with status 0")
    func cutShort() async throws {
        let (signals, send) = AsyncStream.makeStream(of: UnixSignal.self)
        let parts = [
            Part(name: "store", journal: journal), Part(name: "slow", journal: journal, stopping: .seconds(60)),
        ]
        let runner = runner(StopLimits(order: .milliseconds(100), total: .seconds(50)))
        async let status = runner.run(parts, signals: signals) { _ in Issue.record("aborted") }
        try await waitForStart(2)
        send.yield(.sigterm)
        #expect(await status == 0)
        #expect(!journal.all.contains("-slow"))
    }

    @Test("requests that take too long are cancelled, and the parts behind them stop in order")
    func requests() async throws {
        let (signals, send) = AsyncStream.makeStream(of: UnixSignal.self)
        let http = TimeLimitedStop(
            part: Part(name: "http", journal: journal, stopping: .seconds(60)), limit: .milliseconds(100))
        let parts: [any Service] = [Part(name: "store", journal: journal), http]
        let runner = runner(StopLimits(order: .seconds(40), total: .seconds(50)))
        async let status = runner.run(parts, signals: signals) { _ in Issue.record("aborted") }
        try await waitForStart(2)
        send.yield(.sigterm)
        #expect(await status == 0)
        #expect(journal.all.suffix(1) == ["-store"])
        #expect(!journal.all.contains("-http"))
    }

    @Test("a part that does not end although it is cancelled gives status 1")
    func stuck() async throws {
        let (signals, send) = AsyncStream.makeStream(of: UnixSignal.self)
        let (aborts, abort) = AsyncStream.makeStream(of: Int32.self)
        let end = Gate()
        let parts = [Stuck(journal: journal, end: end)]
        let runner = runner(StopLimits(order: .seconds(10), total: .milliseconds(100)))
        let run = Task { await runner.run(parts, signals: signals) { abort.yield($0) } }
        try await waitForStart(1)
        send.yield(.sigterm)
        var iterator = aborts.makeAsyncIterator()
        #expect(await iterator.next() == 1)
        end.open()
        _ = await run.value
    }

    @Test("a second signal ends the process at once")
    func secondSignal() async throws {
        let (signals, send) = AsyncStream.makeStream(of: UnixSignal.self)
        let (aborts, abort) = AsyncStream.makeStream(of: Int32.self)
        let parts = [Part(name: "slow", journal: journal, stopping: .seconds(60))]
        let runner = runner(StopLimits(order: .seconds(55), total: .seconds(60)))
        let run = Task { await runner.run(parts, signals: signals) { abort.yield($0) } }
        try await waitForStart(1)
        send.yield(.sigterm)
        send.yield(.sigint)
        var iterator = aborts.makeAsyncIterator()
        #expect(await iterator.next() == 130)
        run.cancel()
        _ = await run.value
    }

    @Test("the failure of a part stops the others and gives status 1")
    func failure() async throws {
        let signals = AsyncStream<UnixSignal> { _ in }
        let runner = runner()
        let parts: [any Service] = [Part(name: "store", journal: journal), Failing()]
        let status = try await within(.seconds(10)) {
            await runner.run(parts, signals: signals) { _ in Issue.record("aborted") }
        }
        #expect(status == 1)
    }

    @Test("a port that is taken gives status 1")
    func portTaken() async throws {
        let runner = runner()
        try await withLiveService(TestService()) { live in
            let second = TestService { $0.port = live.port }
            let status = try await within(.seconds(10)) {
                await runner.run(
                    [second.application()], signals: AsyncStream<UnixSignal> { _ in }
                ) { _ in Issue.record("aborted") }
            }
            #expect(status == 1)
        }
    }
}
