// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import Essentials
import Foundation
import MongoDB
import TestSupport
import Testing

@testable import CQRSMongoDB

/// How the server answers the queries of a page and of one document, by its own account.
@Suite("A read model's query", .timeLimit(.minutes(10)))
struct ListQueryTests {
    /// Documents in the collection: of four, one is a tombstone; of the others, ten each have the same text.
    /// `LIST_QUERY_COUNT`, a multiple of 5,000, for more.
    static let count = ProcessInfo.processInfo.environment["LIST_QUERY_COUNT"].flatMap { Int($0) } ?? 20_000
    private static let living = count / 4 * 3

    private func stream(_ number: Int) -> StreamID {
        let text = String(number, radix: 16)
        let id = UUIDv7("017f22e2-79b0-7cc3-98c4-\(String(repeating: "0", count: 12 - text.count))\(text)")
        return StreamID(category: "note", id: id ?? UUIDv7(at: .now()))
    }

    private func text(_ number: Int) -> String {
        let digits = String(number / 10)
        return "note \(String(repeating: "0", count: 7 - digits.count))\(digits)"
    }

    private func seed(_ collection: MongoCollection) async throws {
        var living = 0
        for start in stride(from: 0, to: Self.count, by: 5000) {
            let documents = try (start..<start + 5000).map { number in
                var writer = BSONWriter()
                writer.append("_id", stream(number).name)
                writer.append("version", Int64(1))
                writer.append("updatedAt", BSONDate(millisecondsSince1970: 1_772_366_400_123))
                if number % 4 != 0 {
                    writer.append("text", text(living))
                    writer.append("key", "key \(number)")
                    living += 1
                }
                return try writer.finish()
            }
            #expect(try await collection.insertMany(documents, ordered: false).isComplete)
        }
        #expect(living == Self.living)
    }

    @Test("is answered by its index alone, which leads to no more documents than the page has, and one")
    func explained() async throws {
        guard let uri = try TestEnvironment.mongoURI() else { return }
        let client = try MongoClient(configuration: MongoConfiguration(uri: uri), logger: quietLogger)
        let database = client.database("contract_\(UUID().uuidString.prefix(8))")
        let collection = database.collection("notes")
        let byKey = ReadModelField<Note>("key") { _ in nil }
        let model = MongoReadModel<Note>(collection: collection, lookups: [byKey], lists: [Note.byText])
        do {
            try await model.prepare()
            try await seed(collection)
            // Half-way, at the end, and where the texts before and after are the same.
            let positions = [Self.living / 2, Self.living - 1, Self.living / 2 + 5].map {
                ReadModelPosition(value: text($0), stream: stream($0 / 3 * 4 + $0 % 3 + 1))
            }
            for prefix in ["", "note 000", "note 0000001", "nobody"] {
                for position in [nil] + positions.filter({ $0.value.hasPrefix(prefix) }) {
                    for limit in [1, 50, 500] {
                        let query = ListQuery(field: "text", prefix: prefix, after: position)
                        let plan = try await explain(
                            [
                                "filter": .document(query.filter), "sort": .document(query.sort), "hint": query.hint,
                                "limit": .int(limit + 1),
                            ], of: collection)
                        let page = try await model.page(by: Note.byText, prefix: prefix, after: position, limit: limit)
                        let name = "\(prefix) \(position?.value ?? "from the beginning") \(limit)"
                        #expect(plan.indexes == ["text_1__id_1"], "\(name)")
                        #expect(plan.stages.isDisjoint(with: ["COLLSCAN", "SORT"]), "\(name)")
                        #expect(plan.documents <= limit + 1, "\(name)")
                        // Each range's end is found by looking at one key behind it.
                        #expect(plan.keys <= limit + 3, "\(name)")
                        #expect(plan.returned == page.entries.count + (page.next == nil ? 0 : 1), "\(name)")
                    }
                }
            }
            for (key, found) in [("key 1", 1), ("key \(Self.count - 1)", 1), ("key 0", 0), ("nobody", 0)] {
                let plan = try await explain(["filter": [byKey.name: .string(key)]], of: collection)
                #expect(plan.indexes == ["key_1"], "\(key)")
                #expect(!plan.stages.contains("COLLSCAN"), "\(key)")
                #expect(plan.documents == found, "\(key)")
                #expect(plan.keys == found, "\(key)")
            }
            let keys = ["key 1", "nobody", "key \(Self.count - 1)", "key 0"]
            let several: BSONValue = ["$in": .array(BSONArray(keys.map { .string($0) }))]
            let plan = try await explain(["filter": [byKey.name: several]], of: collection)
            #expect(plan.indexes == ["key_1"])
            #expect(!plan.stages.contains("COLLSCAN"))
            #expect(plan.documents == 2)
            // Each key's end is found by looking at one behind it.
            #expect(plan.keys <= 2 * keys.count)
        } catch {
            try? await database.drop()
            await client.close(within: .zero)
            throw error
        }
        try await database.drop()
        await client.close(within: .zero)
    }

    private func explain(_ query: BSONDocument, of collection: MongoCollection) async throws -> Plan {
        var find = BSONWriter()
        find.append("find", collection.name)
        for element in query { find.append(element) }
        let reply = try await collection.client.database(collection.databaseName).runCommand([
            "explain": .document(try find.finish()), "verbosity": "executionStats",
        ])
        return try Plan(try #require(reply["executionStats"]?.documentValue))
    }
}

/// What the server did to answer a query.
private struct Plan {
    var stages: Set<String> = []
    var indexes: Set<String> = []
    let documents: Int
    let keys: Int
    let returned: Int

    init(_ stats: BSONDocument) throws {
        documents = try #require(stats["totalDocsExamined"]?.intValue)
        keys = try #require(stats["totalKeysExamined"]?.intValue)
        returned = try #require(stats["nReturned"]?.intValue)
        collect(try #require(stats["executionStages"]))
    }

    private mutating func collect(_ value: BSONValue) {
        for inner in value.arrayValue?.values ?? [] { collect(inner) }
        for element in value.documentValue ?? [:] {
            switch element.key {
            case "stage": if let stage = element.value.stringValue { stages.insert(stage) }
            case "indexName": if let name = element.value.stringValue { indexes.insert(name) }
            default: collect(element.value)
            }
        }
    }
}
