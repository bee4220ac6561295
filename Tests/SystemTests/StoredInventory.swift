// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import Logging
import MongoDB
import TestSupport
import Testing

/// What the events say of items, read behind the services' backs and added up by nothing but Foundation.
struct StoredInventory {
    /// Every event's identifier.
    private(set) var eventIDs: Set<String> = []
    /// Quantity and reserved by item.
    private(set) var stock: [String: [Int]] = [:]
    /// Whatever can never be.
    private(set) var flaws: [String] = []

    static func read(_ system: TestSystem) async throws -> StoredInventory {
        let client = try MongoClient(
            configuration: MongoConfiguration(
                uri: "mongodb://127.0.0.1:\(system.database.port)/?directConnection=true"),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        do {
            let commits = try await client.database("cqrs_write").collection("events")
                .find(["stream": ["$gt": "item-", "$lt": "item."]], sort: ["_id": 1]).toArray()
            await client.close(within: .zero)
            var inventory = StoredInventory()
            for commit in commits { try inventory.add(commit) }
            return inventory
        } catch {
            await client.close(within: .zero)
            throw error
        }
    }

    private var versions: [String: Int] = [:]
    /// What is open of each reservation.
    private var open: [String: Int] = [:]

    private mutating func add(_ commit: BSONDocument) throws {
        let stream = try #require(commit["stream"]?.stringValue)
        let first = try #require(commit["version"]?.intValue)
        let following = commit["following"]?.arrayValue?.values.compactMap(\.documentValue) ?? []
        if first != versions[stream, default: 0] + 1 { flaws.append("\(stream) has a gap before \(first)") }
        versions[stream] = first + following.count
        for event in [commit] + following {
            eventIDs.insert(try #require(event["eventId"]?.stringValue))
            let text = try #require(event["data"]?.stringValue)
            let data = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            try add(try #require(event["type"]?.stringValue), data)
        }
    }

    private mutating func add(_ type: String, _ data: [String: Any]) throws {
        let item = try #require(data["id"] as? String)
        let quantity = data["quantity"] as? Int ?? 0
        let reservation = data["reservationId"] as? String ?? ""
        var (onHand, reserved) = (stock[item]?[0] ?? 0, stock[item]?[1] ?? 0)
        switch type {
        case "inventory.stock.adjusted":
            onHand += quantity
        case "inventory.stock.reserved":
            reserved += quantity
            open[reservation, default: 0] += quantity
        case "inventory.stock.released":
            reserved -= quantity
            open[reservation, default: 0] -= quantity
        case "inventory.stock.confirmed":
            onHand -= quantity
            reserved -= quantity
            open[reservation, default: 0] -= quantity
        default:
            break
        }
        if reserved < 0 || reserved > onHand { flaws.append("\(item) was oversold: \(reserved) of \(onHand)") }
        if open[reservation] ?? 0 < 0 { flaws.append("a reservation of \(item) was given out twice") }
        stock[item] = [onHand, reserved]
    }
}
