// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Logging
internal import ServiceLifecycle
internal import Synchronization

extension NearCache {
    /// Follows the read model's changes until a graceful shutdown or cancellation.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.follow() }
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
                try await changes.follow(Observer(cache: self))
            } catch {
                if !Task.isCancelled {
                    logger.warning("the feed of changes has ended", metadata: ["error": "\(error)"])
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

    /// Looks on behalf of all who wait while no feed wakes them, and once after a feed has opened, which tells nothing
    /// of the time before.
    private func pollForWaiters() async {
        var polledOpenings = 0
        while !Task.isCancelled {
            await waiters.someone()
            let (openings, isFollowing) = state.withLock { ($0.openings, $0.isFollowing()) }
            if !isFollowing || openings != polledOpenings {
                if await pollOnce() { polledOpenings = openings }
            }
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    /// - Returns: whether everything that is waited for was looked at.
    private func pollOnce() async -> Bool {
        // A bound on what a look asks of a read model that may have just come back; who is left out comes the next time,
        // the order being random.
        let targets = waiters.targets.shuffled()
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
                guard let document = try await source.first(where: content.field, equals: key),
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
        waiters.changed(stream, key: content.field.value(document), document)
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

/// Takes in what the feed tells.
private struct Observer<Source: ReadModelQueries, Answer: Sendable>: ReadModelObserver {
    let cache: NearCache<Source, Answer>

    func opened(_ feed: OpenFeed) {
        cache.state.withLock { state in
            // Nobody has told what happened since the feed before. What is being read now may be from before, too.
            state.streams.clear()
            state.status = feed.status
            state.openings += 1
        }
        cache.metrics.countOpening()
    }

    var outlineField: ReadModelField<Source.Document>? { cache.content.field }

    /// Most changes concern neither what is here nor who waits: then it is enough to note that there was one.
    func noted(_ outline: ChangeOutline) -> Bool {
        // Who begins to wait after this look finds the document in the read model.
        guard !cache.waiters.hasAny(for: outline.stream, key: outline.key),
            cache.state.withLock({ $0.streams.note(outline.stream, key: outline.key) })
        else { return false }
        cache.metrics.countChange(since: outline.updatedAt)
        return true
    }

    func changed(_ change: DocumentChange<Source.Document>, at position: FeedPosition) {
        let key = change.document.flatMap(cache.content.field.value)
        let isHeld = cache.state.withLock { $0.streams.holds(change.stream) }
        // Made outside the lock, and only for who is here already: the feed alone does not know who has a key.
        let answer = isHeld ? change.document.flatMap(cache.content.answer) : nil
        let evictions = cache.state.withLock { state in
            state.streams.apply(change.stream, age: change.document.map(DocumentAge.init), key: key, answer: answer)
            return state.newEvictions()
        }
        cache.metrics.count(evictions: evictions)
        cache.metrics.countChange(since: change.document?.updatedAt)
        if let document = change.document { cache.waiters.changed(change.stream, key: key, document) }
    }
}
