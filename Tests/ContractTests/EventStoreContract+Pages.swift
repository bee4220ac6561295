// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import MongoDB
import Testing

@testable import CQRSMongoDB

/// Reading pages of several streams together.
extension EventStoreContract {
    /// How often the primary key was looked at.
    func looks(at collection: MongoCollection) async throws -> Int {
        let uses = try await collection.aggregate([["$indexStats": [:]]]).toArray().first { $0["name"] == "_id_" }
        return try #require(uses?["accesses"]?.documentValue?["ops"]?.intValue)
    }

    @Test("reads pages of several streams together as it reads each alone, within commits and of one stream, too")
    func pagesTogether() async throws {
        try await withEach { store async throws in
            var pages: [StreamPage] = []
            for sizes in [[3, 1, 1, 4, 2], [1], [1, 1, 1], []] as [[Int64]] {
                let stream = makeStream()
                _ = try await append(sizes, to: stream, in: store)
                for (version, limit) in [(0, 1), (0, 3), (0, 20), (1, 2), (2, 1), (4, 20), (11, 5), (20, 1)] {
                    pages.append(StreamPage(stream, after: Int64(version), limit: limit))
                }
            }
            // More than one find is for.
            for _ in 0..<100 { pages.append(StreamPage(makeStream(), after: 0, limit: 2)) }
            pages.shuffle()
            let found = await store.read(pages)
            #expect(found.count == pages.count)
            for (page, result) in zip(pages, found) {
                let alone = try await store.read(page.stream, after: page.version, limit: page.limit)
                #expect(try result.get() == alone, "\(page)")
            }
            #expect(await store.read([]).isEmpty)
        }
    }

    @Test("looks once in MongoDB for the first pages of a hundred streams")
    func pagesCost() async throws {
        try await withMongoEventStore { store, collection in
            let streams = (0..<100).map { _ in makeStream() }
            for stream in streams.prefix(3) { _ = try await append([1, 3, 1], to: stream, in: store) }
            let before = try await looks(at: collection)
            let found = await store.read(streams.map { StreamPage($0, after: 0, limit: 4) })
            #expect(try await looks(at: collection) - before == 1)
            #expect(try found.map { try $0.get().count } == [4, 4, 4] + Array(repeating: 0, count: 97))
        }
    }

    @Test("fails the page alone that has an event which cannot be read")
    func malformedPage() async throws {
        try await withMongoEventStore { store, collection in
            let streams = (0..<3).map { _ in makeStream() }
            for stream in streams { _ = try await append([1, 1], to: stream, in: store) }
            _ = try await collection.updateOne(
                ["stream": .string(streams[1].name), "version": 2], ["$unset": ["type": ""]])
            let found = await store.read(streams.map { StreamPage($0, after: 0, limit: 10) })
            #expect(try found[0].get().count == 2)
            #expect(throws: MalformedEvent.self) { try found[1].get() }
            #expect(try found[2].get().count == 2)
        }
    }
}
