// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSAMQP
import Essentials
import Foundation
import HTTPTestSupport
import Inventory
import TestSupport
import Testing

extension SystemTests {
    /// With the environment variable `ISOLATION_SECONDS` each phase takes as long as that, and what is printed says more: on a
    /// quiet machine the phases can be compared, but that an import needs processors, too.
    @Suite("Contexts do not hold each other up", .serialized, .timeLimit(.minutes(15)))
    struct IsolationTests {
        private let time = Duration.seconds(
            Int(ProcessInfo.processInfo.environment["ISOLATION_SECONDS"] ?? "") ?? 2)

        @Test(
            "users' commands, events and reads go on whatever is wrong with inventory's queues and events, or imported")
        func users() async throws {
            try await TestSystem.run { system, _ in
                let traffic = try await UserTraffic(system)
                try await traffic.go(on: "quiet", for: time)
                try await withoutQueues(system, traffic)
                try await withFullQueue(system, traffic)
                try await withPoison(system, traffic)
                try await withImport(system, traffic)

                try await eventually("nothing set aside") { try await system.setAsideCount() == 0 }
                try await system.expectAllVerified()
                try await system.expectDrained(exceptPrefix: "domain_events")
            }
        }

        /// No queue takes what happens to items: both are deleted with their bindings, and nobody may make them.
        private func withoutQueues(_ system: TestSystem, _ traffic: UserTraffic) async throws {
            async let restricted: Void = system.restrictConsumer(
                configure: #"^(?!inventory_(items|reservations)\.).*$"#)
            // Nothing catches the unrouted any more.
            async let cleared = system.broker.rabbitmqctl("-q", "clear_policy", "domain_events")
            _ = try await (restricted, cleared)
            for model in ["inventory_items", "inventory_reservations"] {
                try await system.deleteQueue("\(model).projection")
            }
            try await addItems(system, traffic, during: "no-queue")
            try await expectMended(system, "no-queue")
        }

        /// The queue of one of the two read models of items has room for one event, and nobody takes it.
        private func withFullQueue(_ system: TestSystem, _ traffic: UserTraffic) async throws {
            async let restricted: Void = system.restrictConsumer(read: #"^(?!inventory_items\.).*$"#)
            async let limited: Void = limitItems(system, to: 1)
            _ = try await (restricted, limited)
            // Its consumer makes it anew, and may not read from it.
            try await system.deleteQueue("inventory_items.projection")
            try await addItems(system, traffic, during: "full-queue")
            // More room, and not no limit: RabbitMQ 3.10 tells publishers that a queue takes messages again only while it has one
            // (`rabbit_fifo:evaluate_limit`).
            try await limitItems(system, to: 1_000_000)
            try await expectMended(system, "full-queue")
        }

        /// Gives the queue of items room for so many events; those beyond are refused.
        private func limitItems(_ system: TestSystem, to length: Int) async throws {
            _ = try await system.broker.rabbitmqctl(
                "-q", "set_policy", "full", #"^inventory_items\.projection$"#,
                #"{"max-length":\#(length),"overflow":"reject-publish"}"#, "--priority", "1", "--apply-to", "queues")
        }

        /// Adds items while users come and go; their events must wait.
        private func addItems(_ system: TestSystem, _ traffic: UserTraffic, during phase: String) async throws {
            let numbers = Counter()
            try await eventually("set aside") {
                _ = try await system.addItem("\(phase)-\(numbers.add())")
                return try await system.setAsideCount() ?? 0 > 0
            }
            try await traffic.go(on: phase, for: time) { stop in
                try await inParallel(1, until: stop) { _ in
                    _ = try await system.addItem("\(phase)-\(numbers.add())")
                    // The pace of what goes on beside, and no wait for anything.
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
            #expect(try await system.setAsideCount() ?? 0 > 0)
            print("inventory, \(phase): \(numbers.value) items added")
        }

        /// Puts the broker right, and waits until what has waited is there.
        private func expectMended(_ system: TestSystem, _ phase: String) async throws {
            try await system.restoreDefinitions()
            // Whatever is set aside comes after pauses of up to a minute, and all once one of it gets through.
            try await eventually("nothing set aside", within: .seconds(120)) { try await system.setAsideCount() == 0 }
            try await eventually("items readable", within: .seconds(60)) {
                try await HTTP.get("\(system.inventoryQueries)/items/sku/\(phase)-1/stock").status == 200
            }
        }

        /// Events of items come again and again that cannot be applied: the event store has one before them that cannot be read.
        private func withPoison(_ system: TestSystem, _ traffic: UserTraffic) async throws {
            let items = (0..<5).map { poisonedItem("poison-\($0)") }
            try await system.store(items.flatMap { $0 })
            for item in items { try await system.setSchema(99, of: item[0]) }
            try await traffic.go(on: "poison", for: time) { stop in
                try await system.publishing { events, _ in
                    try await inParallel(1, until: stop) { number in
                        for outcome in await events.publish(Array(items[number % items.count].dropFirst())) {
                            #expect(outcome.isPublished)
                        }
                        // As above: a pace.
                        try await Task.sleep(for: .milliseconds(10))
                    }
                }
            }
            let models = ["inventory_items", "inventory_reservations"]
            try await eventually("dead letters of both") {
                let depths = try await system.depths()
                return models.allSatisfy { depths["\($0).projection.dead"] ?? 0 >= 2 * items.count }
            }
            for item in items {
                #expect(try await get(item, system).status == 503)
                try await system.setSchema(item[0].schema, of: item[0])
            }
            for model in models {
                let replayed = try await system.operate("dead-letters", "replay", "--all", "--read-model", model)
                #expect(replayed.status == 0, "\(replayed.text)")
            }
            for item in items {
                try await eventually("no longer stopped") { try await get(item, system).version == item.count }
            }
        }

        private func get(_ item: [RecordedEvent], _ system: TestSystem) async throws -> HTTPAnswer {
            try await HTTP.get(
                "\(system.inventoryQueries)/items/\(item[0].stream.entity)", headers: [("Prefer", "wait=0")])
        }

        /// The first events of an item, each of a command of its own.
        private func poisonedItem(_ sku: String) -> [RecordedEvent] {
            let now = Timestamp.now()
            let id = UUIDv7(at: now)
            let stock = ItemEvent.adjusted(StockAdjusted(id: id, store: "main", quantity: 1))
            let events = [.created(ItemCreated(id: id, sku: sku, name: "Lamp")), stock, stock]
            return events.enumerated().map { index, event in
                RecordedEvent(
                    id: UUIDv7(at: now), stream: Items.stream(of: id), version: Int64(index) + 1, type: event.type,
                    schema: event.schema, recordedAt: now, data: event.encoded(),
                    metadata: EventMetadata(correlationID: "system-tests"))
            }
        }

        /// One import of items comes after another.
        private func withImport(_ system: TestSystem, _ traffic: UserTraffic) async throws {
            let (start, lines) = (ContinuousClock.now, Counter())
            try await traffic.go(on: "import", for: time) { stop in
                try await inParallel(1, until: stop) { number in
                    _ = try await system.importItems((0..<1000).map { "import-\(number)-\($0)" })
                    lines.add(1000)
                }
            }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            print("inventory, import: \(lines.value) lines, \(Int(Double(lines.value) / seconds)) lines/s")
        }
    }
}
