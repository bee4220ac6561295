// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Foundation
import Inventory
import Testing

private let end = Timestamp(rfc3339: "2026-03-01T12:15:00Z")

private let samples = StoredSamples<ItemEvent>(
    in: Bundle.module.bundleURL.appending(path: "Samples/Items"), of: Items.stream(of: sampleID),
    [
        "inventory.items.created.1": .created(
            ItemCreated(id: sampleID, sku: "PROD-001", name: "Lamp", description: "It shines")),
        "inventory.items.updated.1": .updated(
            ItemUpdated(id: sampleID, name: "Torch", description: "It shines far")),
        "inventory.items.deleted.1": .deleted(ItemDeleted(id: sampleID, sku: "PROD-001")),
        "inventory.stock.adjusted.1": .adjusted(
            StockAdjusted(id: sampleID, store: "north", quantity: -5, reason: "broken")),
        "inventory.stock.reserved.1": .reserved(
            StockReserved(
                id: sampleID, reservationID: uuid(2), store: "main", quantity: 10, reference: "order 7",
                expiresAt: end)),
        "inventory.stock.released.1": .released(
            StockReleased(id: sampleID, reservationID: uuid(2), store: "main", quantity: 4, reference: "order 7")),
        "inventory.stock.confirmed.1": .confirmed(
            StockConfirmed(id: sampleID, reservationID: uuid(2), store: "main", quantity: 6, reference: "order 7")),
    ])

@Suite("An item's event")
struct ItemEventTests {
    @Test("is read and written as it was stored, every version that there ever was")
    func storedSamples() throws { #expect(try samples.flaws() == []) }

    @Test(
        "does not have what nobody said",
        arguments: [
            .created(ItemCreated(id: sampleID, sku: "A", name: "Lamp")),
            .updated(ItemUpdated(id: sampleID, name: "Lamp")), ItemScenario.adjusted(1), ItemScenario.reserved(2, 1),
            ItemScenario.released(2, 1), ItemScenario.confirmed(2, 1),
        ] as [ItemEvent])
    func optionalMembers(event: ItemEvent) throws {
        #expect(try ItemEvent.decode(recorded(event, version: 1, stream: Items.stream(of: sampleID))) == event)
        let text = String(decoding: event.encoded(), as: UTF8.self)
        for member in ["description", "reason", "reference", "expiresAt", "null"] { #expect(!text.contains(member)) }
    }

    @Test(
        "that cannot be understood says why, and quotes nothing",
        arguments: [
            ("inventory.items.exploded", #""name":"secret""#, .unknownType),
            ("inventory.items.created", #""sku":"secret""#, .invalidData),
            ("inventory.items.created", #""sku":"secret","name":"secret","description":7"#, .invalidData),
            ("inventory.stock.adjusted", #""store":"secret","quantity":1.5"#, .invalidData),
            ("inventory.stock.adjusted", #""store":"secret","quantity":"1""#, .invalidData),
            ("inventory.stock.adjusted", #""store":"secret","quantity":1000000001"#, .invalidData),
            ("inventory.stock.reserved", #""reservationId":"secret","store":"secret","quantity":1"#, .invalidData),
            (
                "inventory.stock.reserved", #""reservationId":"\#(sampleID)","store":"secret","quantity":0"#,
                .invalidData
            ),
            (
                "inventory.stock.reserved",
                #""reservationId":"\#(sampleID)","store":"secret","quantity":1,"expiresAt":"secret""#, .invalidData
            ),
        ] as [(String, String, MalformedEvent.Reason)])
    func malformed(type: String, members: String, reason: MalformedEvent.Reason) throws {
        let data = Array(#"{"id":"\#(sampleID)",\#(members)}"#.utf8)
        let error = try #require(throws: MalformedEvent.self) { try ItemEvent.decode(recorded(type, data: data)) }
        #expect(error.reason == reason)
        #expect(!"\(error)".contains("secret"))
    }
}
