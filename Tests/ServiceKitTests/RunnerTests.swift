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

    private func runner(_ drainTimeout: Duration = .seconds(5)) -> ServiceRunner {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        logger.handler = SwiftLogNoOpLogHandler()
        return ServiceRunner(name: "test", version: "1", health: health, drainTimeout: drainTimeout, logger: logger)
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

    @Test("a stop that takes too long ends with status 1")
    func timeout() async throws {
        let (signals, send) = AsyncStream.makeStream(of: UnixSignal.self)
        let aborted = Mutex<Int32?>(nil)
        let (aborts, abort) = AsyncStream.makeStream(of: Int32.self)
        let parts = [Part(name: "slow", journal: journal, stopping: .seconds(60))]
        let runner = runner(.milliseconds(200))
        let run = Task {
            await runner.run(parts, signals: signals) { status in
                aborted.withLock { $0 = status }
                abort.yield(status)
            }
        }
        try await waitForStart(1)
        let start = ContinuousClock.now
        send.yield(.sigterm)
        var iterator = aborts.makeAsyncIterator()
        #expect(await iterator.next() == 1)
        #expect(ContinuousClock.now - start < .seconds(5))
        run.cancel()
        _ = await run.value
    }

    @Test("a second signal ends the process at once")
    func secondSignal() async throws {
        let (signals, send) = AsyncStream.makeStream(of: UnixSignal.self)
        let (aborts, abort) = AsyncStream.makeStream(of: Int32.self)
        let parts = [Part(name: "slow", journal: journal, stopping: .seconds(60))]
        let runner = runner(.seconds(60))
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
