// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
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
        // What cannot be published for a reason of its own, with what follows in its streams; `nil` until it is read.
        var setAside: [OutboxCommit]?
        var pauses = Backoff(from: settings.setAsidePauses.lowerBound, to: settings.setAsidePauses.upperBound)
        var retryAt = ContinuousClock.now
        while !Task.isCancelled {
            do {
                // Before the look, not after it: what is read after a durable write is not older than it.
                guard try await store.hold(takeover) else { return }
                var waiting: [OutboxCommit]
                if let setAside {
                    waiting = setAside
                } else {
                    waiting = try await store.commits(of: takeover.writer, numbered: takeover.progress.setAside)
                }
                if scan.isSettled, waiting.isEmpty {
                    try await store.finish(takeover)
                    logger.notice("took a writer over", metadata: ["writer": "\(takeover.writer)"])
                    return
                }
                // Once nothing can arrive any more, only what is refused is left to be done.
                let page =
                    scan.isSettled
                    ? [] : try await store.commits(of: takeover.writer, after: scan.position, limit: 500)
                if !scan.isSettled { waiting += scan.take(page, isLast: page.count < 500) }
                let isRetry = retryAt <= .now
                let held = isRetry ? [] : Set((setAside ?? []).map(\.commit.stream))
                let (due, later) = waiting.reduce(into: ([OutboxCommit](), [OutboxCommit]())) { parts, commit in
                    if held.contains(commit.commit.stream) { parts.1.append(commit) } else { parts.0.append(commit) }
                }
                guard let refused = await publish(due, of: takeover) else { return }
                if isRetry { retryAt = .now + pauses.next() }
                setAside = later + refused
                if page.count == 500, later.count + refused.count < settings.memoryLimit { continue }
            } catch {
                logger.warning("a take-over pauses", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: settings.takeoverAfter / 5)
        }
    }

    /// Publishes commits, however long that takes, and shows others meanwhile that somebody is at it.
    ///
    /// - Returns: what the broker refuses, with what follows in its streams; `nil` when cancelled, or when the take-over is over.
    private func publish(_ news: [OutboxCommit], of takeover: Takeover) async -> [OutboxCommit]? {
        await withTaskGroup(of: [OutboxCommit]?.self) { group in
            group.addTask { await publishAll(news) }
            group.addTask {
                while !Task.isCancelled {
                    try? await Task.sleep(for: settings.takeoverAfter / 5)
                    if let isHeld = try? await store.hold(takeover), !isHeld { break }
                }
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    /// Publishes commits in order within each stream, however long that takes.
    ///
    /// - Returns: what the broker refuses, with what follows in its streams; `nil` when cancelled before.
    private func publishAll(_ commits: [OutboxCommit]) async -> [OutboxCommit]? {
        var left = commits
        var refused: [OutboxCommit] = []
        while !left.isEmpty {
            let isProbe = await circuit.pass()
            guard !Task.isCancelled else {
                if isProbe { circuit.returnProbe() }
                return nil
            }
            let batch = left.beginning(events: isProbe ? 1 : settings.batchSize)
            let later = left.dropFirst(batch.count)
            var again: [OutboxCommit] = []
            for (commit, outcome) in zip(batch, await publish(batch)) {
                switch outcome {
                case .published: break
                case .refused: refused.append(commit)
                case .unavailable: again.append(commit)
                }
            }
            if isProbe, Task.isCancelled { circuit.returnProbe() }
            let waiting = Set(refused.map(\.commit.stream))
            refused += later.filter { waiting.contains($0.commit.stream) }
            left = again + later.filter { !waiting.contains($0.commit.stream) }
        }
        return refused
    }
}
