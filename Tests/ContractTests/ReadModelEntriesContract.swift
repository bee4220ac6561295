// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Foundation
import MongoDB
import TestSupport
import Testing

@testable import CQRSMongoDB

/// A document with entries; deleted once it has no text.
private struct Page: TombstoneDocument {
    typealias Entry = Line

    var text: String?
    var version: Int64
    var updatedAt = Timestamp(millisecondsSinceEpoch: 1_772_366_400_123)

    var isDeleted: Bool { text == nil }
}

private struct Line: ReadModelEntry {
    var text: String
    var version: Int64
}

/// What every read model must do with entries, whatever it is kept in.
@Suite("A read model with entries", .timeLimit(.minutes(2)))
struct ReadModelEntriesContract {
    private typealias Model = any GenerationReadModel<Page>

    private func withEach(_ body: (Model) async throws -> Void) async throws {
        try await body(InMemoryReadModel<Page>())
        guard let uri = try TestEnvironment.mongoURI() else { return }
        let client = try MongoClient(configuration: MongoConfiguration(uri: uri), logger: quietLogger)
        let database = client.database("contract_\(UUID().uuidString.prefix(8))")
        let result: Result<Void, any Error>
        do {
            try await body(MongoReadModel<Page>(collection: database.collection("pages"), lookups: []))
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try? await database.drop()
        await client.close(within: .zero)
        try result.get()
    }

    /// One after the other in the order of the numbers.
    private func stream(_ number: Int64) -> StreamID {
        StreamID(category: "page", id: UUIDv7(at: Timestamp(millisecondsSinceEpoch: 1_772_366_400_000 + number)))
    }

    private func lines(_ versions: ClosedRange<Int64>, _ text: String = "a") -> [Line] {
        versions.map { Line(text: text, version: $0) }
    }

    /// The versions and texts of a stream's entries.
    private func entries(
        _ model: Model, _ stream: StreamID, after version: Int64 = 0, through last: Int64 = 99, limit: Int? = nil
    ) async throws -> [String] {
        try await model.entries(
            after: EventPosition(stream: stream, version: version),
            through: EventPosition(stream: stream, version: last), limit: limit
        ).map {
            #expect($0.position == EventPosition(stream: stream, version: $0.entry.version))
            return "\($0.entry.version)\($0.entry.text)"
        }
    }

    @Test("gives entries in order of their versions, by pages, and of no other stream")
    func pages() async throws {
        try await withEach { model in
            let streams = [stream(1), stream(2), stream(3)]
            #expect(try await entries(model, streams[0]).isEmpty)
            _ = try await model.write(
                streams.map {
                    ReadModelChange(
                        stream: $0, baseVersion: 0, document: Page(text: "a", version: 12), entries: lines(2...12))
                })
            #expect(try await entries(model, streams[1], limit: 3) == ["2a", "3a", "4a"])
            #expect(try await entries(model, streams[1], after: 8, through: 10) == ["9a", "10a"])
            #expect(try await entries(model, streams[1]).count == 11)
            let all = try await model.entries(
                after: EventPosition(stream: streams[0], version: 11),
                through: EventPosition(stream: streams[2], version: 2), limit: nil)
            #expect(all.map(\.position.version) == [12] + Array(2...12) + [2])
        }
    }

    @Test("writes entries before it is decided whether the document is written, and again without harm")
    func refused() async throws {
        try await withEach { model in
            let stream = stream(1)
            _ = try await model.write([
                ReadModelChange(
                    stream: stream, baseVersion: 0, document: Page(text: "a", version: 2), entries: lines(2...2))
            ])
            for _ in 0..<2 {
                let lost = try await model.write([
                    ReadModelChange(
                        stream: stream, baseVersion: 1, document: Page(text: "b", version: 4), entries: lines(2...4))
                ])
                #expect(lost == [stream])
            }
            #expect(try await model.load([stream])[stream]?.version == 2)
            #expect(try await entries(model, stream) == ["2a", "3a", "4a"])
        }
    }

    @Test("removes the entries of what is deleted, and of nothing else")
    func deletion() async throws {
        try await withEach { model in
            let (one, other, late) = (stream(1), stream(2), stream(3))
            _ = try await model.write(
                [one, other, late].map {
                    ReadModelChange(
                        stream: $0, baseVersion: 0, document: Page(text: "a", version: 3), entries: lines(2...3))
                })
            let tombstone = Page(text: nil, version: 4)
            let lost = try await model.write([
                ReadModelChange(stream: one, baseVersion: 3, document: tombstone),
                ReadModelChange(stream: late, baseVersion: 2, document: tombstone),
            ])
            #expect(lost == [late])
            #expect(try await entries(model, one).isEmpty)
            #expect(try await entries(model, other).count == 2)
            #expect(try await entries(model, late).count == 2)
            #expect(try await model.remove(other, at: 3))
            #expect(try await entries(model, other).isEmpty)
        }
    }

    @Test("removes the entries of another history from beside a document made anew, and none that is still to come")
    func anew() async throws {
        try await withEach { model in
            let stream = stream(1)
            _ = try await model.write([
                ReadModelChange(
                    stream: stream, baseVersion: 0, document: Page(text: "a", version: 5), entries: lines(2...6))
            ])
            let lost = try await model.write([
                ReadModelChange(
                    stream: stream, baseVersion: 5, document: Page(text: "b", version: 3), entries: lines(3...3, "b"),
                    isWhole: true)
            ])
            #expect(lost.isEmpty)
            #expect(try await entries(model, stream) == ["3b", "6a"])
        }
    }

    @Test("drops the entries with the documents")
    func drop() async throws {
        try await withEach { model in
            let stream = stream(1)
            for _ in 0..<2 {
                _ = try await model.write([
                    ReadModelChange(
                        stream: stream, baseVersion: 0, document: Page(text: "a", version: 1), entries: lines(1...1))
                ])
                try await model.drop()
                #expect(try await entries(model, stream).isEmpty)
                try await model.drop()
            }
        }
    }
}
