// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Logging

/// Sends the spans of a queue in batches, one after the other, each until it is taken, refused, or out of time.
struct BatchExport<Sender: SpanSender>: Sendable {
    private let queue: SpanQueue
    private let sender: Sender
    private let metrics: ExportMetrics
    private let log: LossLog
    private let sleep: @Sendable (Duration) async throws -> Void

    /// - Parameter sleep: waits for some time.
    init(
        queue: SpanQueue, sender: Sender, metrics: ExportMetrics = ExportMetrics(), logger: Logger,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.queue = queue
        self.sender = sender
        self.metrics = metrics
        log = LossLog(logger: logger)
        self.sleep = sleep
    }

    /// Exports until the queue stops and is empty, or the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            await queue.wait(until: { $0.isDue }, or: { [sleep] in try await sleep(queue.limits.scheduleDelay) })
            var batch = queue.take()
            while !batch.isEmpty {
                await export(batch)
                batch = queue.isDue ? queue.take() : []
            }
            if queue.isStopping { return }
        }
    }

    private func export(_ batch: [SpanData]) async {
        let deadline = ContinuousClock.now + queue.limits.exportTimeout
        var backoff = Backoff(from: .seconds(1), to: .seconds(10))
        while true {
            switch await sender.send(batch, within: max(.zero, deadline - .now)) {
            case .taken(let partial):
                let rejected = Int(clamping: partial?.rejectedSpans ?? 0)
                metrics.exported(max(0, batch.count - rejected))
                if let partial { metrics.dropped(rejected, .refused); log.partial(partial) }
                return log.lost(queue.takeLost(), "the queue was full")
            case .refused(let reason):
                metrics.dropped(batch.count, .refused)
                return log.lost(batch.count + queue.takeLost(), "the collector refuses them: \(reason)")
            case .unavailable(let reason, let retryAfter):
                let pause = max(backoff.next(), retryAfter ?? .zero)
                let isOver = queue.isStopping || ContinuousClock.now + pause >= deadline
                if isOver {
                    metrics.dropped(batch.count, .unavailable)
                    log.lost(batch.count + queue.takeLost(), "no collector takes them: \(reason)")
                }
                // Who asks not to be asked before is not asked for the next batch either.
                if !isOver || retryAfter != nil {
                    await queue.wait(until: { $0.isStopping }, or: { [sleep] in try await sleep(pause) })
                }
                if isOver || Task.isCancelled { return }
            }
        }
    }
}
