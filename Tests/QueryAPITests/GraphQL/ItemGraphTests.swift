// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import HummingbirdTesting
import Inventory
import Logging
import MongoDB
import Synchronization
import TestSupport
import Testing

@testable import CQRSMongoDB
@testable import QueryAPI

@Suite("Items by GraphQL", .timeLimit(.minutes(1)))
struct ItemGraphTests {
    private let graph = TestGraph()
    private let id = UUIDv7(at: time(of: 0))
    private static let fields =
        "sku name description quantity reserved available version stock { store quantity reserved available }"

    /// An item of which two stores have more than 32 bits together.
    private func create() async throws {
        let stream = Items.stream(of: id)
        var document: ItemDocument?
        var events: [ItemEvent] = [.created(ItemCreated(id: id, sku: "CHAIR-1", name: "Chair", description: nil))]
        for store in ["a", "b", "c"] {
            events.append(.adjusted(StockAdjusted(id: id, store: store, quantity: 1_000_000_000, reason: nil)))
        }
        for (index, event) in events.enumerated() {
            let version = Int64(index) + 1
            let recorded = RecordedEvent(
                id: UUIDv7(at: time(of: version)), stream: stream, version: version, type: event.type,
                schema: event.schema, recordedAt: time(of: version), data: event.encoded(),
                metadata: EventMetadata(correlationID: "test"))
            document = try ItemProjection.evolve(document, event, recorded)
            _ = await graph.events.append(EventAppend(Commit(recorded), writer: WriterID(), sequence: version))
        }
        let item = try #require(document)
        #expect(await graph.items.write([ReadModelChange(stream: stream, baseVersion: 0, document: item)]).isEmpty)
    }

    @Test("have sums of more than 32 bits, and what each store has")
    func stock() async throws {
        try await create()
        try await graph.run { client in
            let item = try await client.data("{ item(sku: \"chair-1\") { \(Self.fields) } }")["item"]
            #expect(item["quantity"] == .number(JSONNumber(3_000_000_000)))
            #expect(item["available"] == .number(JSONNumber(3_000_000_000)))
            #expect(item["stock"].elements.map { $0["store"].text } == ["a", "b", "c"])
            #expect(item["description"] == .null)
            let same = try await client.data("{ item(id: \"\(id)\") { \(Self.fields) } }")["item"]
            #expect(same == item)
            let listed = try await client.data("{ items(name: \"ch\") { edges { node { \(Self.fields) } } } }")
            #expect(listed["items"]["edges"].elements.map { $0["node"] } == [item])
        }
    }

    @Test("are named in one way, and null where there is none")
    func names() async throws {
        try await graph.run { client in
            for arguments in ["(sku: \"a\", id: \"b\")", "", "(sku: null)"] {
                let errors = try await client.errors("{ item\(arguments) { id } }")
                #expect(errors == ["Name an item by one of sku and id."])
            }
            for arguments in ["id: \"no id\"", "sku: \"NONE\"", "id: \"\(id)\""] {
                let item = try await client.data("{ item(\(arguments)) { id } }")["item"]
                #expect(item == .null)
            }
        }
    }

    @Test("of fifty aliases by identifier are looked up in four finds at most, and so is that there are none")
    func together() async throws {
        let asked = Mutex<[[String]]>([])
        let known = Mutex<[[String]]>([])
        let (gate, second) = (Gate(), Gate())
        let ids = (0..<50).map { UUIDv7(at: time(of: Int64($0))) }
        let finds = GroupedFinds { _, field, streams in
            #expect(field == "_id")
            asked.withLock { $0.append(streams) }
            await gate.pass()
            return []
        }
        let looks = GroupedFinds { _, field, keys in
            #expect(field == "_id")
            known.withLock { $0.append(keys) }
            await second.pass()
            return []
        }
        try await withUnaskedMongo { client in
            let model = MongoReadModel<ItemDocument>(
                collection: client.database("graph").collection("items"), lookups: ItemProjection.lookups, finds: finds)
            let events = MongoEventStore(
                client: client, database: "graph", logger: Logger(label: "test"), finds: looks)
            try await graph.run(over: graph.users, model, events) { client in
                let aliases = ids.enumerated().map { "i\($0): item(id: \"\($1)\") { id } " }
                async let data = client.data("{ \(aliases.joined()) }")
                try await eventually("all are asked for") { finds.waiting == 48 }
                gate.open()
                try await eventually("all are asked of the event store") { looks.waiting == 48 }
                second.open()
                let found = try await data
                for number in 0..<50 { #expect(found["i\(number)"] == .null) }
            }
        }
        #expect(asked.withLock { $0.count } <= 4)
        #expect(asked.withLock { $0.flatMap { $0 } }.sorted() == ids.map { Items.stream(of: $0).name }.sorted())
        #expect(known.withLock { $0.count } <= 4)
        #expect(known.withLock { $0.flatMap { $0 } }.count == 50)
    }

    @Test("have their history")
    func history() async throws {
        try await create()
        try await graph.run { client in
            let data = try await client.data("{ item(id: \"\(id)\") { history { edges { node { type } } } } }")
            let types = data["item"]["history"]["edges"].elements.map { $0["node"]["type"].text }
            #expect(types == ["inventory.items.created"] + Array(repeating: "inventory.stock.adjusted", count: 3))
        }
    }
}
