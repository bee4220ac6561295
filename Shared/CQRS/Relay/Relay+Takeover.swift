// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Logging

/// What other writers left behind.
extension Relay {
    /// Looks for writers that have fallen silent, and finishes their work.
    func takeOverOthers() async {
        await withTaskGroup(of: Void.self) { group in
            while !Task.isCancelled {
                // Unreachable now is no news: the checkpoint's keeper says it.
                let takeover = try? await store.takeOver(for: outbox.writer, silentFor: settings.takeoverAfter)
                guard let takeover else {
                    try? await Task.sleep(for: settings.takeoverAfter / 5)
                    continue
                }
                metrics.countTakeover()
                logger.notice("taking a writer over", metadata: ["writer": "\(takeover.writer)"])
                group.addTask { await finish(takeover) }
            }
        }
    }

    /// Publishes everything that a writer left behind, and looks again until nothing can arrive late.
    private func finish(_ takeover: Takeover) async {
        var scan = TakeoverScan(takeover, settleTime: settings.settleTime)
        while !Task.isCancelled {
            do {
                // Before the look, not after it: what is read after a durable write is not older than it.
                guard try await store.hold(takeover) else { return }
                if scan.isSettled {
                    try await store.finish(takeover)
                    logger.notice("took a writer over", metadata: ["writer": "\(takeover.writer)"])
                    return
                }
                let page = try await store.events(of: takeover.writer, after: scan.position, limit: 500)
                guard await publish(scan.take(page, isLast: page.count < 500), of: takeover) else { return }
                if page.count == 500 { continue }
            } catch {
                logger.warning("a take-over pauses", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: settings.takeoverAfter / 5)
        }
    }

    /// Publishes events, however long that takes, and shows others meanwhile that somebody is at it.
    ///
    /// - Returns: `false` when cancelled, or when the take-over is over.
    private func publish(_ news: [OutboxEvent], of takeover: Takeover) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await publishAll(news) }
            group.addTask {
                while !Task.isCancelled {
                    try? await Task.sleep(for: settings.takeoverAfter / 5)
                    if let isHeld = try? await store.hold(takeover), !isHeld { break }
                }
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }

    /// Publishes events in order within each stream, however long that takes.
    ///
    /// - Returns: `false` when cancelled before.
    private func publishAll(_ events: [OutboxEvent]) async -> Bool {
        var left = events
        while !left.isEmpty {
            let isProbe = await circuit.pass()
            guard !Task.isCancelled else {
                if isProbe { circuit.returnProbe() }
                return false
            }
            var streams: Set<StreamID> = []
            var batch: [OutboxEvent] = []
            var later: [OutboxEvent] = []
            for event in left {
                if batch.count < (isProbe ? 1 : settings.batchSize), streams.insert(event.event.stream).inserted {
                    batch.append(event)
                } else {
                    later.append(event)
                }
            }
            let failures = await publish(batch)
            if isProbe, Task.isCancelled { circuit.returnProbe() }
            left = zip(batch, failures).filter { $0.1 != nil }.map(\.0) + later
        }
        return true
    }
}
