// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("One of inventory's read models can be thrown away", .serialized, .timeLimit(.minutes(10)))
    struct RebuildInventoryTests {
        /// `REBUILD_ITEMS` for more.
        private static let count = Int(ProcessInfo.processInfo.environment["REBUILD_ITEMS"] ?? "") ?? 200

        @Test(
            "and be rebuilt, switched back and finished under load, while nobody sees older stock and no other is touched"
        )
        func wholeLife() async throws {
            try await TestSystem.run { system, _ in
                let items = try await system.importItems((0..<Self.count).map { "rebuild-\($0)" }, quantity: 1000)
                let lists = try await beginLists(4, system)
                let emails = (0..<20).map { "rebuild\($0)@example.org" }
                #expect(try await system.postAll(emails).accepted.count == emails.count)
                let load = RebuildLoad(reads(of: items, lists, emails, system)) { number in
                    number % 10 == 0
                        ? try await addLine(to: lists[number / 10 % lists.count], system)
                        : try await changeStock(of: items[number % items.count], number, system)
                }
                let before = try await system.consumersOfQueues()
                try await load.running {
                    try await expect("rebuild", "inventory_items", gives: "generation 2  serves", system)
                    try await expectUntouched(
                        ["users", "inventory_reservations", "inventory_lists", "inventory_list_lines"], before, system)

                    async let items: Void = {
                        try await expect(
                            "rebuild", "inventory_items", "--rollback", gives: "generation 1  serves", system)
                        try await expect(
                            "rebuild", "inventory_items", "--finish", gives: "generation 1  serves", system)
                    }()
                    // The ones with entries beside their documents, and with documents that hold as much.
                    async let lines: Void = rebuildAndFinish("inventory_list_lines", system)
                    async let reservations: Void = rebuildAndFinish("inventory_reservations", system)
                    _ = try await (items, lines, reservations)
                    try await load.expectProgress()
                }
                #expect(load.failures.isEmpty, "\(load.failures.prefix(5))")
                print("rebuild of inventory under load: \(load.readCount) reads, \(load.changes.value) changes")
                try await expectUntouched(["users", "inventory_lists"], before, system)
                for untouched in ["users", "inventory_lists"] {
                    try await expect("rebuild", untouched, "--status", gives: "generation 1  serves", system)
                }
                try await system.expectAllVerified()
                try await system.expectDrained()
                #expect(try await system.depths().keys.filter { $0.contains(".g") } == [])
            }
        }

        private func rebuildAndFinish(_ model: String, _ system: TestSystem) async throws {
            try await expect("rebuild", model, gives: "generation 2  serves", system)
            try await expect("rebuild", model, "--finish", gives: "generation 2  serves", system)
        }

        /// Runs an operator's command that must succeed and say something.
        private func expect(_ arguments: String..., gives text: String, _ system: TestSystem) async throws {
            let operation = try await system.operate(arguments)
            try #require(operation.status == 0, "\(arguments): \(operation.text)")
            #expect(operation.text.contains(text), "\(arguments): \(operation.text)")
        }

        /// Expects the same connections at the queues of these read models as before.
        private func expectUntouched(
            _ models: [String], _ before: [String: [String]], _ system: TestSystem
        ) async throws {
            let now = try await system.consumersOfQueues()
            for queue in models.map({ "\($0).projection" }) {
                #expect(now[queue] != nil && now[queue] == before[queue], "\(queue)")
            }
        }

        // MARK: Load

        private struct Begun: Decodable {
            let id: String
        }

        private func beginLists(_ count: Int, _ system: TestSystem) async throws -> [String] {
            var lists: [String] = []
            for _ in 0..<count {
                let answer = try await HTTP.post(
                    "\(system.inventoryCommands)/lists", json: #"{"customer":"Ada","expiresOn":"2027-01-31"}"#)
                lists.append(try answer.decoded(as: Begun.self).id)
            }
            return lists
        }

        private func addLine(to list: String, _ system: TestSystem) async throws -> Bool {
            try await HTTP.post(
                "\(system.inventoryCommands)/lists/\(list)/lines", json: #"{"product":"Lamp","quantity":2}"#
            ).status == 202
        }

        /// Reserves some of an item, and confirms that, or gives it back, or leaves it open.
        private func changeStock(of item: String, _ number: Int, _ system: TestSystem) async throws -> Bool {
            let url = "\(system.inventoryCommands)/items/\(item)"
            let reserved = try await HTTP.post("\(url)/reserve", json: #"{"quantity":\#(number % 3 + 1)}"#)
            guard reserved.status == 202, let id = try reserved.decoded(as: AcceptedItem.self).reservationId else {
                return false
            }
            switch number % 4 {
            case 0: return try await HTTP.post("\(url)/confirm", json: #"{"reservationId":"\#(id)"}"#).status == 202
            case 1: return try await HTTP.post("\(url)/release", json: #"{"reservationId":"\#(id)"}"#).status == 202
            case 2: return try await HTTP.post("\(url)/release", json: #"{"quantity":1}"#).status == 202
            default: return true
            }
        }

        private func reads(
            of items: [String], _ lists: [String], _ emails: [String], _ system: TestSystem
        ) -> [WatchedReads] {
            [
                WatchedReads(items.map { "\(system.inventoryQueries)/items/\($0)/stock" }, readers: 2),
                WatchedReads(items.map { "\(system.inventoryQueries)/items/\($0)/reservations" }, readers: 1) {
                    try await flaw(ofReservations: $0, system)
                },
                WatchedReads(lists.map { "\(system.inventoryQueries)/lists/\($0)" }, readers: 1, flaw: flaw(ofList:)),
                WatchedReads(emails.map { "\(system.queryAPI.url)/users/\($0)" }, readers: 1),
            ]
        }

        private struct Reservations: Decodable {
            struct Open: Decodable {
                let quantity: Int
            }
            let id: String
            let version: Int
            let items: [Open]
        }

        private struct Item: Decodable {
            let reserved: Int
        }

        /// Open reservations add up to what the events say was reserved of the item at that version.
        private func flaw(ofReservations answer: HTTPAnswer, _ system: TestSystem) async throws -> String? {
            let open = try answer.decoded(as: Reservations.self)
            let past = try await HTTP.get("\(system.inventoryQueries)/items/\(open.id)?version=\(open.version)")
            let (sum, reserved) = (open.items.map(\.quantity).reduce(0, +), try past.decoded(as: Item.self).reserved)
            return sum == reserved ? nil : "\(sum) of \(reserved) reserved at version \(open.version)"
        }

        private struct List: Decodable {
            struct Line: Decodable {
                let quantity: Int
            }
            let version: Int
            let totalItems: Int
            let lines: [Line]
        }

        /// A list has a line for each version but the first, up to as many as it shows, and its sum is theirs.
        private func flaw(ofList answer: HTTPAnswer) throws -> String? {
            let list = try answer.decoded(as: List.self)
            guard list.version <= 501 else { return nil }
            let sum = list.lines.map(\.quantity).reduce(0, +)
            return list.lines.count == list.version - 1 && sum == list.totalItems
                ? nil : "\(list.lines.count) lines, \(sum) of \(list.totalItems) items at version \(list.version)"
        }
    }
}
