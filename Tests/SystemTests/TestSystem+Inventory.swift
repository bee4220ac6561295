// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTestSupport
import TestSupport
import Testing

extension TestSystem {
    /// Every read model.
    static let readModels = [
        "users", "inventory_items", "inventory_reservations", "inventory_lists", "inventory_list_lines", "engagement",
    ]

    /// Where inventory's commands go.
    var inventoryCommands: String { "\(commandAPI.url)/api/v1/inventory" }

    /// Where inventory's queries go.
    var inventoryQueries: String { "\(queryAPI.url)/api/v1/inventory" }

    /// Adds an item.
    func addItem(_ sku: String, quantity: Int = 1) async throws -> AcceptedItem {
        let answer = try await HTTP.post(
            "\(inventoryCommands)/items", json: #"{"sku":"\#(sku)","name":"Lamp","quantity":\#(quantity)}"#)
        guard answer.status == 202 else { throw UnexpectedAnswer(answer) }
        return try answer.decoded()
    }

    /// Imports items, all of which must be accepted.
    ///
    /// - Returns: their identifiers.
    func importItems(_ skus: [String], quantity: Int = 1) async throws -> [String] {
        let lines = skus.map { #"{"sku":"\#($0)","name":"Lamp","quantity":\#(quantity)}"# + "\n" }.joined()
        let answer = try await HTTP.send(
            "POST", "\(inventoryCommands)/items/import", json: lines, type: "application/x-ndjson")
        guard answer.status == 200 else { throw UnexpectedAnswer(answer) }
        let ids = answer.body.matches(of: /"status":202,"id":"([^"]*)"/).map { String($0.1) }
        #expect(ids.count == skus.count, "\(answer.body.prefix(1000))")
        return ids
    }

    /// Compares every read model with the event store.
    func expectAllVerified() async throws {
        try await inParallel(2, count: Self.readModels.count) { number in
            let verified = try await operate("verify", Self.readModels[number], "--patience", "30")
            #expect(verified.status == 0, "\(Self.readModels[number]): \(verified.text)")
        }
    }
}

/// The answer to an accepted command on an item.
struct AcceptedItem: Decodable, Sendable {
    let id: String
    let version: Int
    /// Of a reservation.
    let reservationId: String?
}
