// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Foundation
import Inventory
import MongoDB
import Testing

private typealias Given = ItemScenario
private let stream = Items.stream(of: sampleID)
private let stocked = [Given.created, Given.adjusted(10), Given.adjusted(5, "depot"), Given.reserved(2, 4)]

private func document(after events: [ItemEvent]) throws -> ItemDocument {
    try #require(try ItemProjection.document(after: events, stream: stream))
}

@Suite("The items' projection")
struct ItemProjectionTests {
    @Test("makes a document of a new item, found by its SKU and listed by its name in lower case")
    func creation() throws {
        let item = try document(after: [Given.created])
        #expect(item.id == sampleID.description)
        #expect(item.description == "It shines")
        #expect(item.stores.isEmpty)
        #expect((item.version, item.createdAt, item.updatedAt) == (1, time(of: 1), time(of: 1)))
        #expect(ItemDocument.bySKU.value(item) == "PROD-001")
        #expect(ItemDocument.byName.value(item) == "lamp")
    }

    @Test("changes name and description, and keeps the rest")
    func change() throws {
        let item = try document(after: stocked + [Given.updated("Torch", nil)])
        #expect(item.name == "Torch")
        #expect(ItemDocument.byName.value(item) == "torch")
        #expect(item.description == nil)
        #expect(item.quantity == 15)
        #expect((item.version, item.createdAt, item.updatedAt) == (5, time(of: 1), time(of: 5)))
    }

    @Test("counts what each store has, in order of their codes, and the sums")
    func stock() throws {
        let item = try document(after: stocked + [Given.adjusted(-1), Given.adjusted(3, "north")])
        #expect(item.stores.map(\.store) == ["depot", "main", "north"])
        #expect(item.stores.map(\.quantity) == [5, 9, 3])
        #expect(item.stores.map(\.reserved) == [0, 4, 0])
        #expect((item.quantity, item.reserved) == (17, 4))
    }

    @Test("gives back what is released, and takes out what is confirmed")
    func ends() throws {
        let released = try document(after: stocked + [Given.released(2, 1)])
        #expect((released.quantity, released.reserved) == (15, 3))
        let confirmed = try document(after: stocked + [Given.released(2, 1), Given.confirmed(2, 3)])
        #expect((confirmed.quantity, confirmed.reserved) == (12, 0))
        #expect(confirmed.stores.map(\.quantity) == [5, 7])
    }

    @Test("leaves of a deleted item that there was one, and no way to find it")
    func deletion() throws {
        let item = try document(after: [Given.created, Given.adjusted(10), Given.deleted])
        #expect(item.isDeleted)
        #expect(ItemDocument.bySKU.value(item) == nil)
        #expect(ItemDocument.byName.value(item) == nil)
        #expect((item.version, item.quantity, item.stores.isEmpty) == (3, 0, true))
        let stored = String(decoding: try JSONEncoder().encode(item), as: UTF8.self)
        for text in ["PROD", "Lamp", "lamp", "shines"] { #expect(!stored.contains(text)) }
    }

    @Test("shows an item with sums and its stores, and nothing of a deleted one")
    func views() throws {
        let item = try document(after: stocked)
        let view = try #require(ItemView(item))
        #expect((view.id, view.sku, view.name) == (sampleID.description, "PROD-001", "Lamp"))
        #expect((view.quantity, view.reserved, view.available) == (15, 4, 11))
        let stock = try #require(StockView(item))
        #expect((stock.quantity, stock.reserved, stock.available, stock.version) == (15, 4, 11, 4))
        #expect(stock.stores.map(\.available) == [5, 6])
        let past = try document(after: [Given.created, Given.deleted])
        #expect(ItemView(past) == nil)
        #expect(StockView(past) == nil)
    }

    @Test("says which stores can serve a demand, each by itself")
    func availability() throws {
        let stock = try #require(StockView(try document(after: stocked)))
        #expect(stock.stores(with: try Quantity(5)).map(\.store) == ["depot", "main"])
        #expect(stock.stores(with: try Quantity(6)).map(\.store) == ["main"])
        #expect(stock.stores(with: try Quantity(7)).isEmpty)
        #expect(stock.stores(with: try Quantity(5), in: .main).map(\.store) == ["main"])
        #expect(stock.stores(with: try Quantity(6), in: try StoreCode("depot")).isEmpty)
        #expect(stock.stores(with: try Quantity(1), in: try StoreCode("nowhere")).isEmpty)
    }

    @Test(
        "survives being stored as BSON, with its whole numbers and stores",
        arguments: [stocked, [Given.created, Given.deleted]])
    func stored(events: [ItemEvent]) throws {
        let item = try document(after: events)
        #expect(try BSONDecoder().decode(ItemDocument.self, from: BSONEncoder().encode(item)) == item)
    }

    @Test(
        "refuses what cannot follow",
        arguments: [
            [Given.updated("A")], [Given.adjusted(1)], [Given.deleted], [Given.created, Given.created],
            [Given.created, Given.deleted, Given.created], [Given.created, Given.deleted, Given.adjusted(1)],
            [Given.created, Given.adjusted(-1)], [Given.created, Given.reserved(2, 1)],
            [Given.created, Given.adjusted(Quantity.maximum), Given.adjusted(1)],
            [Given.created, Given.adjusted(1), Given.released(2, 1)],
            stocked + [Given.released(2, 5)], stocked + [Given.confirmed(2, 5)], stocked + [Given.adjusted(-7)],
        ])
    func impossible(events: [ItemEvent]) throws {
        #expect(try ItemProjection.refusal(ofLast: events, stream: stream) == .invalidData)
    }

    @Test("refuses an event about another item than its stream's")
    func foreign() throws {
        let other = Items.stream(of: uuid(9))
        #expect(try ItemProjection.refusal(ofLast: [Given.created], stream: other) == .invalidData)
        #expect(try ReservationsProjection.refusal(ofLast: [Given.created], stream: other) == .invalidData)
    }
}
