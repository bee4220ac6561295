// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("Inventory beside users", .serialized, .timeLimit(.minutes(10)))
    struct InventoryTests {
        private static let path = "/api/v1/inventory/items"

        @Test("an item is taken in, reserved, looked at, confirmed, found by id and SKU, and has a history")
        func path() async throws {
            try await TestSystem.run { system, _ in
                let query = system.queryAPI.url + Self.path
                let created = try await HTTP.post(
                    "\(system.commandAPI.url)\(Self.path)",
                    json: #"{"sku":"prod-001","name":"Lamp","description":"A lamp.","quantity":100}"#)
                #expect(created.status == 202, "\(created.body)")
                let item = try created.object()
                #expect(item["sku"] as? String == "PROD-001")
                #expect(item["version"] as? Int == 2)
                let id = try #require(item["id"] as? String)
                // Never 404, even if it was asked for at once.
                #expect(try await HTTP.get("\(query)/sku/PROD-001/stock").stock == [100, 0, 100])
                #expect(try await HTTP.get("\(query)/\(id)/stock").stock == [100, 0, 100])

                let reserved = try await HTTP.post(
                    "\(system.commandAPI.url)\(Self.path)/sku/prod-001/reserve",
                    json: #"{"quantity":10,"reference":"order-1"}"#)
                #expect(reserved.status == 202, "\(reserved.body)")
                let reservation = try #require(try reserved.object()["reservationId"] as? String)
                // Where the answer leads, the new number is seen at once.
                let location = try #require(reserved.header("location"))
                #expect(try await HTTP.get(location).stock == [100, 10, 90])
                let open = try await HTTP.get("\(query)/\(id)/reservations?minVersion=3&id=\(id)").object()
                #expect((open["items"] as? [[String: Any]])?.first?["reservationId"] as? String == reservation)
                let available = try await HTTP.get("\(query)/sku/PROD-001/availability?quantity=91").object()
                #expect(available["isAvailable"] as? Bool == false)

                let tooMany = try await HTTP.post(
                    "\(system.commandAPI.url)\(Self.path)/\(id)/reserve", json: #"{"quantity":91}"#)
                #expect(tooMany.status == 409)
                #expect(try tooMany.object()["type"] as? String == "/problems/insufficient-stock")
                #expect(try tooMany.object()["available"] as? Int == 90)

                let confirmed = try await HTTP.post(
                    "\(system.commandAPI.url)\(Self.path)/\(id)/confirm",
                    json: #"{"reservationId":"\#(reservation)"}"#)
                #expect(confirmed.status == 202, "\(confirmed.body)")
                let after = try #require(confirmed.header("location"))
                #expect(try await HTTP.get(after).stock == [90, 0, 90])
                // As it was.
                #expect(try await HTTP.get("\(query)/\(id)?version=3").stock == [100, 10, 90])
                let history = try await HTTP.get("\(query)/\(id)/history").object()
                #expect(
                    (history["items"] as? [[String: Any]])?.map { $0["type"] as? String } == [
                        "inventory.items.created", "inventory.stock.adjusted", "inventory.stock.reserved",
                        "inventory.stock.confirmed",
                    ])
                for model in ["inventory_items", "inventory_reservations"] {
                    let verified = try await system.operate("verify", model)
                    #expect(verified.status == 0, "\(verified.text)")
                }
            }
        }

        /// How long, in seconds; `INVENTORY_SECONDS` for more.
        private static let seconds = Int(ProcessInfo.processInfo.environment["INVENTORY_SECONDS"] ?? "") ?? 9

        @Test("is never oversold while services are killed, and every sum is that of the events")
        func neverOversold() async throws {
            try await TestSystem.run(commandAPIs: 2, consumers: 2) { system, services in
                let client = PersistentClient(system: system)
                let ids = Collected<String>()
                for number in 1...20 {
                    let answer = try await client.send(
                        "POST", Self.path, json: #"{"sku":"S-\#(number)","name":"Item \#(number)","quantity":50}"#)
                    ids.add(try #require(try answer.object()["id"] as? String))
                }
                let items = ids.all
                let (stop, accepted, refused) = (Flag(), Collected<String>(), Counter())
                async let load: Void = inParallel(64, until: stop) { number in
                    let item = items[number % items.count]
                    var answers: [HTTPAnswer] = []
                    func send(_ action: String, _ json: String) async throws -> HTTPAnswer {
                        let answer = try await client.send(
                            "POST", "\(Self.path)/\(item)/\(action)", json: json, to: number % 2)
                        #expect([202, 409].contains(answer.status), "\(action): \(answer.status) \(answer.body)")
                        if answer.status == 409 { refused.add() }
                        answers.append(answer)
                        return answer
                    }
                    let reserved = try await send("reserve", #"{"quantity":\#(number % 7 + 1)}"#)
                    if let reservation = try reserved.object()["reservationId"] as? String {
                        switch number % 3 {
                        case 0: _ = try await send("confirm", #"{"reservationId":"\#(reservation)"}"#)
                        case 1: _ = try await send("release", #"{"reservationId":"\#(reservation)"}"#)
                        default: _ = try await send("release", #"{"quantity":1}"#)
                        }
                    }
                    if number % 5 == 0 { _ = try await send("adjust", #"{"quantity":\#(number % 10 == 0 ? 3 : -2)}"#) }
                    for answer in answers where answer.status == 202 {
                        accepted.add(try #require(try answer.object()["eventId"] as? String))
                    }
                }
                let victims = [system.commandAPIs[0], system.consumers[0], system.commandAPIs[1], system.consumers[1]]
                let end = ContinuousClock.now + .seconds(Self.seconds)
                var kills = 0
                while ContinuousClock.now < end {
                    let before = accepted.all.count
                    try await eventually("commands go on", within: .seconds(60)) { accepted.all.count > before + 150 }
                    try await services.killAndRestart(victims[kills % victims.count])
                    kills += 1
                }
                stop.set()
                try await load

                let stored = try await StoredInventory.read(system)
                #expect(Set(accepted.all).subtracting(stored.eventIDs).isEmpty)
                #expect(stored.flaws == [])
                try await eventually("the read model shows what the events say", within: .seconds(60)) {
                    for item in items {
                        let expected = stored.stock[item] ?? [0, 0]
                        guard
                            try await HTTP.get("\(system.queryAPI.url)\(Self.path)/\(item)").stock
                                == [expected[0], expected[1], expected[0] - expected[1]]
                        else { return false }
                    }
                    return true
                }
                for model in ["inventory_items", "inventory_reservations"] {
                    let verified = try await system.operate("verify", model)
                    #expect(verified.status == 0, "\(verified.text)")
                }
                print(
                    "inventory: \(accepted.all.count) accepted, \(refused.value) refused, \(kills) kills, "
                        + "\(stored.eventIDs.count) events")
            }
        }
    }
}

extension HTTPAnswer {
    /// The body as a JSON object.
    fileprivate func object() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
    }

    /// Quantity, reserved and available of an item.
    fileprivate var stock: [Int?] {
        let object = try? object()
        return ["quantity", "reserved", "available"].map { object?[$0] as? Int }
    }
}
