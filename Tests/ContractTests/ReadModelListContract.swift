// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import CQRSTesting
import Essentials
import Foundation
import MongoDB
import TestSupport
import Testing

@testable import CQRSMongoDB

/// What these tests need of a read model.
private protocol ListedNotes: ReadModel, ReadModelListing where Document == Note {}

extension InMemoryReadModel: ListedNotes where Document == Note {}
extension MongoReadModel: ListedNotes where Document == Note {}

/// What every read model must do that can be looked through in order.
@Suite("A list of a read model", .timeLimit(.minutes(3)))
struct ReadModelListContract {
    /// Runs the same test against the one in memory and the one in MongoDB.
    private func withEach(_ body: (any ListedNotes) async throws -> Void) async throws {
        try await body(InMemoryReadModel<Note>())
        guard let uri = try TestEnvironment.mongoURI() else { return }
        try await withMongoDB(uri) { model, _ in
            try await model.prepare()
            try await body(model)
        }
    }

    private func withMongoDB(
        _ uri: String, _ body: (MongoReadModel<Note>, MongoCollection) async throws -> Void
    ) async throws {
        let client = try MongoClient(configuration: MongoConfiguration(uri: uri), logger: quietLogger)
        let database = client.database("contract_\(UUID().uuidString.prefix(8))")
        let collection = database.collection("notes")
        let model = MongoReadModel<Note>(collection: collection, lookups: [Note.byText], lists: [Note.byText])
        do {
            try await body(model, collection)
        } catch {
            try? await database.drop()
            await client.close(within: .zero)
            throw error
        }
        try await database.drop()
        await client.close(within: .zero)
    }

    private func stream(_ number: Int) -> StreamID {
        let text = String(number, radix: 16)
        let id = UUIDv7("017f22e2-79b0-7cc3-98c4-\(String(repeating: "0", count: 12 - text.count))\(text)")
        return StreamID(category: "note", id: id ?? UUIDv7(at: .now()))
    }

    /// Stores one note for each text, in streams whose order is that of the texts.
    private func store(_ texts: [String?], in model: any ListedNotes) async throws {
        _ = try await model.write(
            texts.enumerated().map { number, text in
                ReadModelChange(stream: stream(number), baseVersion: 0, document: Note(text, version: 1))
            })
    }

    private func texts(_ page: ReadModelPage<Note>) -> [String?] { page.entries.map(\.document.text) }

    /// Pages through a whole list.
    private func all(_ model: any ListedNotes, prefix: String = "", limit: Int) async throws -> [ReadModelPage<Note>
        .Entry]
    {
        var entries: [ReadModelPage<Note>.Entry] = []
        var position: ReadModelPosition?
        repeat {
            let page = try await model.page(by: Note.byText, prefix: prefix, after: position, limit: limit)
            #expect(page.entries.count == limit || page.next == nil)
            entries += page.entries
            position = page.next
        } while position != nil && entries.count < 1000
        return entries
    }

    @Test("gives each document once, in order of the values' bytes and then of the streams", arguments: [1, 2, 3, 100])
    func order(limit: Int) async throws {
        try await withEach { model in
            let unsorted = ["b", "a", "\u{E9}", "z", "\u{FFFD}", "\u{1F600}", "b", "", "ab", "b", "\u{0}", "e\u{301}"]
            try await store(unsorted, in: model)
            let entries = try await all(model, limit: limit)
            let expected = unsorted.enumerated().sorted { a, b in
                a.element.utf8.elementsEqual(b.element.utf8)
                    ? a.offset < b.offset : a.element.utf8.lexicographicallyPrecedes(b.element.utf8)
            }
            #expect(entries.map(\.stream) == expected.map { stream($0.offset) })
            #expect(entries.map(\.document) == expected.map { Note($0.element, version: 1) })
        }
    }

    @Test("has no next page behind the last document, however full the page is")
    func end() async throws {
        try await withEach { model in
            #expect(try await model.page(by: Note.byText, prefix: "", after: nil, limit: 2).entries.isEmpty)
            try await store(["a", "b", "c"], in: model)
            let first = try await model.page(by: Note.byText, prefix: "", after: nil, limit: 2)
            #expect(texts(first) == ["a", "b"])
            let next = try #require(first.next)
            let last = try await model.page(by: Note.byText, prefix: "", after: next, limit: 1)
            #expect(texts(last) == ["c"])
            #expect(last.next == nil)
            #expect(try await model.page(by: Note.byText, prefix: "", after: nil, limit: 3).next == nil)
        }
    }

    @Test(
        "finds what begins with a prefix, byte by byte, and nothing else",
        arguments: [
            ("a", ["a", "a$", "aa", "a\u{301}", "a\u{10FFFF}\u{10FFFF}"]), ("aa", ["aa"]),
            ("b", ["b", "b\u{D7FF}x", "b\u{E000}"]),
            ("b\u{D7FF}", ["b\u{D7FF}x"]), (".*", [".*x"]), ("^", []), ("\u{E9}", ["\u{E9}a"]), ("e", ["e\u{301}a"]),
            ("a\u{10FFFF}", ["a\u{10FFFF}\u{10FFFF}"]), ("\u{10FFFF}", ["\u{10FFFF}", "\u{10FFFF}z"]), ("zz", []),
        ] as [(String, [String])])
    func prefix(prefix: String, expected: [String]) async throws {
        try await withEach { model in
            let stored = [
                "a", "aa", "a$", "a\u{301}", "a\u{10FFFF}\u{10FFFF}", "b", "b\u{D7FF}x", "b\u{E000}", "A", ".*x",
                "\u{E9}a", "e\u{301}a", "\u{10FFFF}", "\u{10FFFF}z", "", nil,
            ]
            try await store(stored, in: model)
            for limit in [1, 2, 100] {
                let found = try await all(model, prefix: prefix, limit: limit).compactMap(\.document.text)
                let wanted = expected.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
                #expect(found.map { Array($0.utf8) } == wanted.map { Array($0.utf8) })
            }
        }
    }

    @Test("leaves out documents without the field")
    func tombstones() async throws {
        try await withEach { model in
            try await store([nil, "b", nil, "a", nil], in: model)
            #expect(try await all(model, limit: 1).map(\.document.text) == ["a", "b"])
            _ = try await model.write([
                ReadModelChange(stream: stream(3), baseVersion: 1, document: Note(nil, version: 2))
            ])
            #expect(try await all(model, limit: 1).map(\.document.text) == ["b"])
        }
    }

    @Test("goes on behind a document that has gone, moved or come meanwhile, and gives all others exactly once")
    func stability() async throws {
        try await withEach { model in
            try await store(["a", "b", "c", "d", "e", "f"], in: model)
            let first = try await model.page(by: Note.byText, prefix: "", after: nil, limit: 3)
            #expect(texts(first) == ["a", "b", "c"])
            let next = try #require(first.next)
            _ = try await model.write([
                ReadModelChange(stream: stream(2), baseVersion: 1, document: Note(nil, version: 2)),
                ReadModelChange(stream: stream(4), baseVersion: 1, document: Note("zz", version: 2)),
                ReadModelChange(stream: stream(10), baseVersion: 0, document: Note("aa", version: 1)),
                ReadModelChange(stream: stream(11), baseVersion: 0, document: Note("c", version: 1)),
                ReadModelChange(stream: stream(12), baseVersion: 0, document: Note("dd", version: 1)),
            ])
            let second = try await model.page(by: Note.byText, prefix: "", after: next, limit: 9)
            #expect(texts(second) == ["c", "d", "dd", "f", "zz"])
        }
    }

    @Test("is unavailable while there is no index, rather than looked for among everything")
    func noIndex() async throws {
        guard let uri = try TestEnvironment.mongoURI() else { return }
        try await withMongoDB(uri) { model, _ in
            // Without a collection there is nothing to look for.
            #expect(try await model.page(by: Note.byText, prefix: "", after: nil, limit: 1).entries.isEmpty)
            try await store(["a"], in: model)
            for position in [nil, ReadModelPosition(value: "", stream: stream(1))] {
                let error = await #expect(throws: MongoError.self) {
                    try await model.page(by: Note.byText, prefix: "", after: position, limit: 1)
                }
                #expect(error?.category == .unavailable)
            }
            try await model.prepare()
            #expect(texts(try await model.page(by: Note.byText, prefix: "", after: nil, limit: 1)) == ["a"])
        }
    }
}
