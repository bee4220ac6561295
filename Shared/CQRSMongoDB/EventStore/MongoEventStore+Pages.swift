// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import MongoDB

/// Reading pages of several streams together.
extension MongoEventStore {
    /// How many pages one find is for, so that it does not keep the server busy for long.
    private static let pagesPerFind = 100

    /// Pages of several streams, in few finds.
    ///
    /// A stream's versions have no gaps, so that the keys of a page end where its last version would be: each page is a
    /// range of the primary key, and needs no limit of its own.
    public func read(_ pages: [StreamPage]) async -> [Result<[RecordedEvent], any Error>] {
        var results: [Result<[RecordedEvent], any Error>] = []
        results.reserveCapacity(pages.count)
        while results.count < pages.count {
            let next = pages[results.count...].prefix(Self.pagesPerFind)
            results += next.count == 1 ? [await result(of: pages[results.count])] : await readTogether(next)
        }
        return results
    }

    private func readTogether(_ pages: ArraySlice<StreamPage>) async -> [Result<[RecordedEvent], any Error>] {
        let found: [String: [BSONDocument]]
        do {
            found = try await documents(of: pages)
        } catch {
            return pages.map { _ in .failure(error) }
        }
        var results: [Result<[RecordedEvent], any Error>] = []
        for page in pages {
            let result = Result { try events(of: page, in: found[page.stream.name] ?? []) }
            if page.version > 0, case .success(let events) = result, events.first?.version != page.version + 1 {
                // What follows is in a commit that begins before the page, or nothing does.
                results.append(await self.result(of: page))
            } else {
                results.append(result)
            }
        }
        return results
    }

    /// The commits that begin in pages, by their streams' names.
    private func documents(of pages: ArraySlice<StreamPage>) async throws -> [String: [BSONDocument]] {
        let ranges = pages.map { page -> BSONValue in
            let last = min(page.version + Int64(page.limit), RecordedEvent.versions.upperBound)
            let keys: BSONValue = [
                "$gt": .string(EventDocument.id(page.stream, page.version)),
                "$lte": .string(EventDocument.id(page.stream, last)),
            ]
            return .document([EventDocument.id: keys])
        }
        // One more than there can be: the server then closes the cursor with the first batch, unless that is long.
        let cursor = events.find(
            ["$or": .array(BSONArray(ranges))], sort: [EventDocument.id: 1],
            batchSize: pages.map(\.limit).reduce(1, +))
        var found: [String: [BSONDocument]] = [:]
        while let batch = try await cursor.nextBatch() {
            for document in batch {
                guard let stream = document[EventDocument.stream]?.stringValue else { continue }
                found[stream, default: []].append(document)
            }
        }
        return found
    }

    /// - Parameter documents: the stream's, in order, with those of other pages.
    private func events(of page: StreamPage, in documents: [BSONDocument]) throws -> [RecordedEvent] {
        let versions = page.version + 1...page.version + Int64(page.limit)
        return try documents.flatMap { try EventDocument.decode($0).events }.filter { versions.contains($0.version) }
    }
}
