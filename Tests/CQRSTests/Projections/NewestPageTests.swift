// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Testing

@testable import CQRSServing

@Suite("A page of two read models of the same streams", .timeLimit(.minutes(1)))
struct NewestPageTests {
    private let models = [InMemoryReadModel<Label>(), InMemoryReadModel<Label>()]
    private let streams = (0..<8).map { number in
        StreamID(category: "label", id: UUIDv7(at: Timestamp(millisecondsSinceEpoch: Int64(1000 + number))))
    }

    /// Stores documents by the number of their stream.
    private func store(_ documents: [Int: Label], in model: Int) async {
        _ = await models[model].write(
            documents.map { ReadModelChange(stream: streams[$0.key], baseVersion: 0, document: $0.value) })
    }

    private func pages(prefix: String = "", limit: Int) async throws -> [String] {
        var texts: [String] = []
        var position: ReadModelPosition?
        for _ in 0..<100 {
            let page = try await ReadModelPage.newest(
                of: models, by: Label.byText, prefix: prefix, after: position, limit: limit)
            #expect(page.entries.count <= limit)
            texts += page.entries.compactMap(\.document.text)
            position = page.next
            if position == nil { return texts }
        }
        Issue.record("the list does not end")
        return texts
    }

    @Test("shows each stream once, as the newer document has it", arguments: [1, 2, 3, 100])
    func newest(limit: Int) async throws {
        await store(
            [
                0: Label("a", 1), 1: Label("b", 2), 2: Label("x", 1), 3: Label("y", 3), 4: Label("d", 1),
                5: Label("gone", 1),
            ], in: 0)
        await store(
            [
                0: Label("a", 1), 1: Label("old b", 1), 2: Label("c", 2), 3: Label("a y", 2), 5: Label(nil, 2),
                6: Label("e", 1),
            ], in: 1)
        #expect(try await pages(limit: limit) == ["a", "b", "c", "d", "e", "y"])
        #expect(try await pages(prefix: "a", limit: limit) == ["a"])
        #expect(try await pages(prefix: "o", limit: limit) == [])
    }

    @Test("goes on behind a page of which everything has moved elsewhere")
    func moved() async throws {
        await store([0: Label("a", 1), 1: Label("b", 1), 2: Label("c", 1), 3: Label("d", 1)], in: 0)
        await store([0: Label("z", 2), 1: Label(nil, 2), 2: Label("y", 2), 3: Label("d", 1)], in: 1)
        let first = try await ReadModelPage.newest(of: models, by: Label.byText, prefix: "", after: nil, limit: 2)
        #expect(first.entries.isEmpty)
        #expect(first.next != nil)
        #expect(try await pages(limit: 2) == ["d", "y", "z"])
    }
}

private struct Label: ReadModelDocument {
    var text: String?
    var version: Int64
    var updatedAt: Timestamp { Timestamp(millisecondsSinceEpoch: version) }

    init(_ text: String?, _ version: Int64) {
        self.text = text
        self.version = version
    }

    static let byText = ReadModelField<Label>("text") { $0.text }
}
