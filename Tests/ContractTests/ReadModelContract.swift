// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Foundation
import Logging
import MongoDB
import TestSupport
import Testing

@testable import CQRSMongoDB

/// A document of these tests' own.
struct Note: ReadModelDocument {
    /// `nil` once deleted.
    var text: String?
    var version: Int64
    var updatedAt: Timestamp

    /// - Parameter second: when the last event was recorded.
    init(_ text: String?, version: Int64, second: Int64 = 0) {
        self.text = text
        self.version = version
        updatedAt = Timestamp(millisecondsSinceEpoch: 1_772_366_400_123 + 1000 * second)
    }

    static let byText = ReadModelField<Note>("text") { $0.text }
}

/// What every read model must do, whatever it is kept in.
@Suite("A read model", .timeLimit(.minutes(2)))
struct ReadModelContract {
    /// Runs the same test against the one in memory and the one in MongoDB.
    func withEach(_ body: (any GenerationReadModel<Note>) async throws -> Void) async throws {
        try await body(InMemoryReadModel<Note>())
        guard let uri = try TestEnvironment.mongoURI() else { return }
        try await withMongoDB(uri) { model, _ in try await body(model) }
    }

    private func withMongoDB(
        _ uri: String, _ body: (MongoReadModel<Note>, MongoCollection) async throws -> Void
    ) async throws {
        let client = try MongoClient(configuration: MongoConfiguration(uri: uri), logger: quietLogger)
        let database = client.database("contract_\(UUID().uuidString.prefix(8))")
        let collection = database.collection("notes")
        let model = MongoReadModel<Note>(collection: collection, lookups: [Note.byText])
        do {
            try await model.prepare()
            try await body(model, collection)
        } catch {
            try? await database.drop()
            await client.close(within: .zero)
            throw error
        }
        try await database.drop()
        await client.close(within: .zero)
    }

    func stream(_ milliseconds: Int64 = 1_772_366_400_000) -> StreamID {
        StreamID(category: "note", id: UUIDv7(at: Timestamp(millisecondsSinceEpoch: milliseconds)))
    }

    @Test("gives back what was written, to the millisecond")
    func roundTrip() async throws {
        try await withEach { model in
            let (a, b, absent) = (stream(), stream(), stream())
            let lost = try await model.write([
                ReadModelChange(stream: a, baseVersion: 0, document: Note("a", version: 1)),
                ReadModelChange(stream: b, baseVersion: 0, document: Note("ünï \u{1F600}", version: 4)),
            ])
            #expect(lost.isEmpty)
            #expect(
                try await model.load([a, b, absent]) == [
                    a: Note("a", version: 1), b: Note("ünï \u{1F600}", version: 4),
                ])
        }
    }

    @Test("refuses a new document where there is one, and writes the others")
    func duplicates() async throws {
        try await withEach { model in
            let (a, b) = (stream(), stream())
            _ = try await model.write([ReadModelChange(stream: a, baseVersion: 0, document: Note("first", version: 1))])
            let lost = try await model.write([
                ReadModelChange(stream: a, baseVersion: 0, document: Note("second", version: 1)),
                ReadModelChange(stream: b, baseVersion: 0, document: Note("other", version: 1)),
            ])
            #expect(lost == [a])
            #expect(try await model.load([a, b]) == [a: Note("first", version: 1), b: Note("other", version: 1)])
        }
    }

    @Test("replaces a document at its base version only")
    func updates() async throws {
        try await withEach { model in
            let streams = (0..<3).map { _ in stream() }
            _ = try await model.write(
                streams.map { ReadModelChange(stream: $0, baseVersion: 0, document: Note("old", version: 2)) })
            let lost = try await model.write([
                ReadModelChange(stream: streams[0], baseVersion: 2, document: Note("new", version: 3)),
                ReadModelChange(stream: streams[1], baseVersion: 1, document: Note("stale", version: 2)),
                ReadModelChange(stream: streams[2], baseVersion: 3, document: Note("early", version: 4)),
            ])
            #expect(lost == [streams[1], streams[2]])
            let documents = try await model.load(Set(streams))
            #expect(documents[streams[0]] == Note("new", version: 3))
            #expect(documents[streams[1]] == Note("old", version: 2))
            #expect(documents[streams[2]] == Note("old", version: 2))
        }
    }

    @Test("lets one of many concurrent writers win each version")
    func races() async throws {
        try await withEach { model in
            let stream = stream()
            for version in Int64(1)...20 {
                let winners = try await withThrowingTaskGroup(of: Int.self) { group in
                    for writer in 0..<8 {
                        group.addTask {
                            let change = ReadModelChange(
                                stream: stream, baseVersion: version - 1, document: Note("\(writer)", version: version))
                            return try await model.write([change]).isEmpty ? 1 : 0
                        }
                    }
                    return try await group.reduce(0, +)
                }
                #expect(winners == 1)
            }
            #expect(try await model.load([stream])[stream]?.version == 20)
        }
    }

    @Test("finds a document by a field, and of several the one whose last event was recorded last")
    func lookup() async throws {
        try await withEach { model in
            let streams = (0..<5).map { stream(1_772_366_400_000 + $0) }
            // Neither the first nor the last stream, and neither the highest nor the lowest version.
            let latest = Note("same", version: 3, second: 9)
            let notes = [
                Note("same", version: 7, second: 1), Note("same", version: 2, second: 8), latest,
                Note("same", version: 1, second: 3), Note("different", version: 3, second: 20),
            ]
            _ = try await model.write(
                zip(streams, notes).map { ReadModelChange(stream: $0, baseVersion: 0, document: $1) })
            #expect(try await model.first(where: Note.byText, equals: "same") == latest)
            #expect(try await model.first(where: Note.byText, equals: "other") == nil)
            #expect(try await model.first(where: Note.byText, equals: "$same") == nil)
        }
    }

    @Test("gives one and the same of several from the same millisecond: that of the stream that began last")
    func lookupTie() async throws {
        try await withEach { model in
            let streams = (0..<3).map { stream(1_772_366_400_000 + $0) }
            _ = try await model.write(
                [1, 2, 0].map {
                    let note = Note("same", version: Int64($0) + 1)
                    return ReadModelChange(stream: streams[$0], baseVersion: 0, document: note)
                })
            #expect(try await model.first(where: Note.byText, equals: "same")?.version == 3)
        }
    }

    @Test("does not find a document by what it had before, nor one that has nothing")
    func tombstone() async throws {
        try await withEach { model in
            let stream = stream()
            _ = try await model.write([ReadModelChange(stream: stream, baseVersion: 0, document: Note("a", version: 1))]
            )
            #expect(try await model.first(where: Note.byText, equals: "a") != nil)
            _ = try await model.write([ReadModelChange(stream: stream, baseVersion: 1, document: Note(nil, version: 2))]
            )
            for text in ["a", "", "null"] { #expect(try await model.first(where: Note.byText, equals: text) == nil) }
            #expect(try await model.load([stream]) == [stream: Note(nil, version: 2)])
        }
    }

    @Test("looks a field up by its index, in which documents without the field take no place")
    func index() async throws {
        guard let uri = try TestEnvironment.mongoURI() else { return }
        try await withMongoDB(uri) { model, collection in
            _ = try await model.write([
                ReadModelChange(stream: stream(), baseVersion: 0, document: Note("a", version: 1)),
                ReadModelChange(stream: stream(), baseVersion: 0, document: Note(nil, version: 2)),
            ])
            for _ in 0..<3 { _ = try await model.first(where: Note.byText, equals: "a") }
            var uses: [String: Int] = [:]
            for try await index in collection.aggregate([["$indexStats": [:]]]) {
                let name = try #require(index["name"]?.stringValue)
                uses[name] = index["accesses"]?.documentValue?["ops"]?.intValue
            }
            #expect(uses["text_1"] == 3)
            #expect(try await collection.countDocuments(hint: "text_1") == 1)
        }
    }

    @Test("can be prepared again and again")
    func preparation() async throws {
        try await withEach { model in
            for _ in 0..<3 { try await model.prepare() }
        }
    }
}
