// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Logging
import TestSupport
import Testing

@testable import OTLPTracing

struct BatchExportTests {
    private func limits(_ change: (inout BatchLimits) -> Void) -> BatchLimits {
        var limits = BatchLimits()
        (limits.scheduleDelay, limits.batchSize, limits.queueSize) = (.seconds(3600), 2, 4)
        change(&limits)
        return limits
    }

    /// Exports for the time of a body, and then what is left.
    private func exporting(
        _ queue: SpanQueue, to sender: ScriptedSender, logger: Logger = quietLogger,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        _ body: () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await BatchExport(queue: queue, sender: sender, logger: logger, sleep: sleep).run() }
            defer { queue.stop() }
            try await body()
        }
    }

    @Test("A queue takes no more than it may, and tells how many it has dropped")
    func bounded() {
        let queue = SpanQueue(limits { _ in })
        for name in ["a", "b", "c", "d", "e", "f"] { queue.add(endedSpan(name)) }
        #expect(queue.take().map(\.name) == ["a", "b"])
        #expect(queue.take().map(\.name) == ["c", "d"])
        #expect(queue.take().isEmpty)
        #expect(queue.takeLost() == 2)
        #expect(queue.takeLost() == 0)
    }

    @Test("A full batch is exported at once, less than one waits")
    func full() async throws {
        let (queue, sender) = (SpanQueue(limits { _ in }), ScriptedSender())
        try await exporting(queue, to: sender) {
            for name in ["a", "b", "c"] { queue.add(endedSpan(name)) }
            try await eventually("a batch") { !sender.batches.all.isEmpty }
            #expect(sender.batches.all == [["a", "b"]])
        }
    }

    @Test("A span does not wait longer than the delay")
    func delay() async throws {
        let (queue, sender) = (SpanQueue(limits { $0.scheduleDelay = .milliseconds(1) }), ScriptedSender())
        try await exporting(queue, to: sender) {
            queue.add(endedSpan("a"))
            try await eventually("its export") { sender.batches.all == [["a"]] }
        }
    }

    @Test("A flush exports all that waits")
    func flush() async throws {
        let (queue, sender) = (SpanQueue(limits { _ in }), ScriptedSender())
        try await exporting(queue, to: sender) {
            queue.add(endedSpan("a"))
            queue.flush()
            try await eventually("its export") { sender.batches.all == [["a"]] }
        }
    }

    @Test("A stop exports all that waits")
    func stop() async throws {
        let (queue, sender) = (SpanQueue(limits { _ in }), ScriptedSender())
        for name in ["a", "b", "c"] { queue.add(endedSpan(name)) }
        try await exporting(queue, to: sender) {}
        #expect(sender.batches.all == [["a", "b"], ["c"]])
    }

    @Test("A collector that is not available gets the same batch again, after growing pauses with jitter")
    func retries() async throws {
        let sender = ScriptedSender(
            .unavailable("away", retryAfter: nil), .unavailable("away", retryAfter: nil),
            .unavailable("away", retryAfter: nil))
        let (queue, pauses) = (SpanQueue(limits { _ in }), Collected<Duration>())
        try await exporting(
            queue, to: sender, sleep: { if $0 < .seconds(3600) { pauses.add($0) } else { try await never() } }
        ) {
            for name in ["a", "b"] { queue.add(endedSpan(name)) }
            try await eventually("four attempts") { sender.batches.all.count == 4 }
        }
        #expect(sender.batches.all == Array(repeating: ["a", "b"], count: 4))
        let spans: [ClosedRange<Duration>] = [
            .milliseconds(500) ... .seconds(1), .seconds(1) ... .seconds(2), .seconds(2) ... .seconds(4),
        ]
        #expect(pauses.all.count == 3)
        for (pause, span) in zip(pauses.all, spans) { #expect(span.contains(pause)) }
    }

    @Test("Who says when to come again is not asked before")
    func retryAfter() async throws {
        let sender = ScriptedSender(.unavailable("busy", retryAfter: .seconds(7)))
        let (queue, pauses) = (SpanQueue(limits { _ in }), Collected<Duration>())
        try await exporting(
            queue, to: sender, sleep: { if $0 < .seconds(3600) { pauses.add($0) } else { try await never() } }
        ) {
            for name in ["a", "b"] { queue.add(endedSpan(name)) }
            try await eventually("two attempts") { sender.batches.all.count == 2 }
        }
        #expect(pauses.all == [.seconds(7)])
    }

    @Test("Not even for the next batch, when the time of this one is over")
    func longRetryAfter() async throws {
        let sender = ScriptedSender(.unavailable("busy", retryAfter: .seconds(60)))
        let (queue, pauses) = (SpanQueue(limits { _ in }), Collected<Duration>())
        try await exporting(
            queue, to: sender, sleep: { if $0 < .seconds(3600) { pauses.add($0) } else { try await never() } }
        ) {
            for name in ["a", "b", "c", "d"] { queue.add(endedSpan(name)) }
            try await eventually("two attempts") { sender.batches.all.count == 2 }
        }
        #expect(sender.batches.all == [["a", "b"], ["c", "d"]])
        #expect(pauses.all == [.seconds(60)])
    }

    @Test("What is refused is not sent again")
    func refused() async throws {
        let (queue, sender) = (SpanQueue(limits { _ in }), ScriptedSender(.refused("status 400")))
        for name in ["a", "b", "c"] { queue.add(endedSpan(name)) }
        try await exporting(queue, to: sender) {}
        #expect(sender.batches.all == [["a", "b"], ["c"]])
    }

    @Test("A stop ends the pause before the next attempt, and no attempt follows the last one")
    func stopWhileAway() async throws {
        let sender = ScriptedSender(
            .unavailable("away", retryAfter: .seconds(20)), .unavailable("away", retryAfter: .seconds(20)))
        let queue = SpanQueue(limits { _ in })
        try await exporting(queue, to: sender, sleep: { _ in try await never() }) {
            for name in ["a", "b"] { queue.add(endedSpan(name)) }
            try await eventually("an attempt") { sender.batches.all.count == 1 }
        }
        #expect(sender.batches.all == [["a", "b"], ["a", "b"]])
    }

    @Test("A collector that is away makes a line in the log, and no more within a minute")
    func log() {
        let lines = Collected<String>()
        let log = LossLog(logger: Logger(label: "test", factory: { _ in CollectingHandler { lines.add($0) } }))
        let start = ContinuousClock.now
        log.lost(0, "nothing")
        #expect(lines.all.isEmpty)
        log.lost(3, "away", now: start)
        log.lost(4, "away", now: start + .seconds(59))
        #expect(lines.all.count == 1)
        log.lost(5, "away", now: start + .seconds(60))
        #expect(lines.all.count == 2)
        #expect(lines.all.last?.contains("9") == true)
    }
}

/// Sleeps until it is cancelled.
private func never() async throws { try await Task.sleep(for: .seconds(3600)) }
