// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials
internal import Logging
internal import ServiceLifecycle
internal import Synchronization

extension NearCache {
    /// Follows what is told until a graceful shutdown or cancellation.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.follow() }
                group.addTask { await self.lookForTold() }
                group.addTask { await self.pollForWaiters() }
                group.addTask { await self.report() }
            }
        }
    }

    private func follow() async {
        var backoff = Backoff(from: .milliseconds(50), to: .seconds(2))
        while !Task.isCancelled {
            let openings = state.withLock { $0.openings }
            do {
                try await notices.follow(Observer(cache: self))
            } catch {
                if !Task.isCancelled {
                    logger.warning("changes are not told any more", metadata: ["error": "\(error)"])
                }
            }
            let hadOpened = state.withLock { state in
                state.status = nil
                return state.openings > openings
            }
            if hadOpened { backoff.reset() }
            try? await Task.sleep(for: backoff.next())
        }
    }

    /// Looks for documents that somebody waits for when they are told to have changed: what is told while a look is
    /// under way is looked at together.
    private func lookForTold() async {
        while !Task.isCancelled {
            await waiters.someoneTold()
            let told = waiters.takeTold()
            let reading = state.withLock { $0.streams.beginReading() }
            var late: [ChangeNotice] = []
            do {
                let documents = try await source.load(Set(told.map(\.stream)))
                for (stream, document) in documents { tell(stream, document, reading) }
                late = told.filter { notice in
                    guard let age = notice.age else { return false }
                    return documents[notice.stream].map { DocumentAge($0) < age } ?? true
                }
            } catch {
                late = told
            }
            guard !late.isEmpty else { continue }
            // Another server of the database may be behind, or none answers: then it is looked at again.
            waiters.told(late)
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Looks on behalf of all who wait while nobody wakes them, and once after opening, which tells nothing of the time
    /// before. Who waits for a key alone is found only by looking: what is told names streams.
    private func pollForWaiters() async {
        var polledOpenings = 0
        while !Task.isCancelled {
            await waiters.someone()
            let (openings, isFollowing) = state.withLock { ($0.openings, $0.isFollowing()) }
            let looksAtAll = !isFollowing || openings != polledOpenings
            if await pollOnce(for: waiters.targets.filter { looksAtAll || $0.isKey }), looksAtAll {
                polledOpenings = openings
            }
            try? await Task.sleep(for: looksAtAll ? .milliseconds(100) : .milliseconds(20))
        }
    }

    /// - Returns: whether all were looked at.
    private func pollOnce(for all: [VersionWaiters<Document>.Target]) async -> Bool {
        // A bound on what a look asks of a read model that may have just come back; who is left out comes the next time,
        // the order being random.
        let targets = all.shuffled()
        var (streams, keys) = (Set<StreamID>(), [String]())
        for target in targets {
            switch target {
            case .stream(let stream): if streams.count < 1000 { streams.insert(stream) }
            case .key(let key): if keys.count < 20 { keys.append(key) }
            }
        }
        do {
            if !streams.isEmpty {
                let reading = state.withLock { $0.streams.beginReading() }
                for (stream, document) in try await source.load(streams) { tell(stream, document, reading) }
            }
            for key in keys {
                let reading = state.withLock { $0.streams.beginReading() }
                guard let field = content.field, let document = try await source.first(where: field, equals: key),
                    let stream = content.stream(document)
                else { continue }
                tell(stream, document, reading)
            }
        } catch {
            return false
        }
        return streams.count + keys.count == targets.count
    }

    private func tell(_ stream: StreamID, _ document: Document, _ reading: CachedStreams<Answer>.Reading) {
        guard keep(stream, document, reading) else { return }
        waiters.changed(stream, key: content.key(of: document, stream), document)
    }

    private func report() async {
        while !Task.isCancelled {
            let (entries, bytes, isFollowing) = state.withLock { state in
                (state.streams.count, state.streams.bytes, state.isFollowing())
            }
            metrics.report(entries: entries, bytes: bytes, waiters: waiters.count, isFollowing: isFollowing)
            try? await Task.sleep(for: .seconds(1))
        }
    }
}

/// Takes in what is told.
private struct Observer<Source: ReadModelQueries, Answer: Sendable>: NoticeObserver {
    let cache: NearCache<Source, Answer>

    func opened(_ status: @escaping @Sendable () -> FeedStatus) {
        cache.state.withLock { state in
            // Nobody has told what happened before. What is being read now may be from before, too.
            state.streams.clear()
            state.status = status
            state.openings += 1
        }
        cache.metrics.countOpening()
    }

    func told(_ notices: [ChangeNotice]) {
        cache.state.withLock { state in
            for notice in notices { state.streams.apply(notice) }
        }
        // Who begins to wait after this look finds the document in the read model.
        cache.waiters.told(notices)
        for notice in notices { cache.metrics.countChange(since: notice.age?.updatedAt) }
    }
}
