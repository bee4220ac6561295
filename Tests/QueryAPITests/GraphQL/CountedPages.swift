// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Synchronization

/// An event store that notes how many pages each look was for.
final class CountedPages: EventQueries {
    let looks = Mutex<[Int]>([])
    private let store: InMemoryEventStore
    private let look: @Sendable () async -> Void

    /// - Parameter look: what each look does before it reads.
    init(store: InMemoryEventStore, _ look: @escaping @Sendable () async -> Void = {}) {
        self.store = store
        self.look = look
    }

    func read(_ stream: StreamID, after version: Int64, limit: Int) async throws -> [RecordedEvent] {
        try await read([StreamPage(stream, after: version, limit: limit)]).flatMap { try $0.get() }
    }

    func read(_ pages: [StreamPage]) async -> [Result<[RecordedEvent], any Error>] {
        looks.withLock { $0.append(pages.count) }
        await look()
        return await store.read(pages)
    }

    func holder(of claim: Claim) async -> RecordedEvent? { await store.holder(of: claim) }

    func hasGivenUp(_ claim: Claim, since holder: RecordedEvent) async -> Bool {
        await store.hasGivenUp(claim, since: holder)
    }
}
