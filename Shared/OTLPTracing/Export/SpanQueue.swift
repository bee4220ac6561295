// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import DequeModule
internal import Essentials
internal import Synchronization

/// Spans that have ended and wait for their export: a bounded number of them. May be used by any thread.
final class SpanQueue: Sendable {
    private struct State {
        var spans: Deque<SpanData> = []
        var lost = 0
        var isFlushing = false
        var isStopping = false
    }

    let limits: BatchLimits
    private let metrics: ExportMetrics
    private let state = Mutex(State())
    private let wakeup = Wakeup()

    init(_ limits: BatchLimits, metrics: ExportMetrics = ExportMetrics()) {
        self.limits = limits
        self.metrics = metrics
    }

    /// Adds a span, or drops it when the queue is full: a service does not wait for its collector.
    func add(_ span: SpanData) {
        let count: Int? = state.withLock { state in
            guard state.spans.count < limits.queueSize else {
                state.lost += 1
                return nil
            }
            state.spans.append(span)
            return state.spans.count
        }
        if count == nil { metrics.dropped(1, .queueFull) }
        // Whoever has just taken a batch looks again before it waits.
        if count == limits.batchSize { wakeup.notify() }
    }

    /// Takes the next batch; empty when none waits.
    func take() -> [SpanData] {
        state.withLock { state in
            let batch = Array(state.spans.prefix(limits.batchSize))
            state.spans.removeFirst(batch.count)
            if state.spans.isEmpty { state.isFlushing = false }
            return batch
        }
    }

    /// How many spans were dropped since the last call.
    func takeLost() -> Int {
        state.withLock { state in
            defer { state.lost = 0 }
            return state.lost
        }
    }

    /// Whether what waits should be exported now.
    var isDue: Bool {
        state.withLock {
            $0.spans.count >= limits.batchSize || $0.isFlushing && !$0.spans.isEmpty || $0.isStopping
        }
    }

    /// Whether the service stops: nothing waits any more.
    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Makes everything due that waits now.
    func flush() {
        state.withLock { $0.isFlushing = true }
        wakeup.notify()
    }

    /// Ends all waiting.
    func stop() {
        state.withLock { $0.isStopping = true }
        wakeup.notify()
    }

    /// Waits until this queue's state is so, which it may be at once, or a sleep is over, or the task is cancelled.
    func wait(
        until isSo: @escaping @Sendable (SpanQueue) -> Bool, or sleep: @escaping @Sendable () async throws -> Void
    ) async {
        await withTaskGroup(of: Void.self) { race in
            race.addTask { try? await sleep() }
            race.addTask { [self] in
                while !isSo(self), !Task.isCancelled { await wakeup.wait(unless: { isSo(self) }) }
            }
            await race.next()
            race.cancelAll()
        }
    }
}
