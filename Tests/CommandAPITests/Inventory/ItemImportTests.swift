// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Inventory
import Testing

@Suite("An import of items", .timeLimit(.minutes(1)))
struct ItemImportTests {
    private static let path = "api/v1/inventory/items"

    @Test("answers each line in order with what adding that item answers, and a repeat with the same key with the same")
    func mixed() async throws {
        try await LiveCommandAPI.run { api in
            let lines = #"""
                {"sku":"a-1","name":"Chair","quantity":100}
                {"sku":"A-2","name":"Table"}

                nonsense
                {"sku":"a-3","name":"","quantity":-1}
                {"sku":"A-3","name":"Lamp","store":"berlin","quantity":1}
                """#
            let key = [("Idempotency-Key", "import-1")]
            let results = try await api.importing(lines, to: Self.path, headers: key)
            #expect(results.map(\.line) == [1, 2, 4, 5, 6])
            #expect(results.map(\.status) == [202, 202, 400, 422, 202])
            #expect(results.map(\.sku) == ["A-1", "A-2", nil, nil, "A-3"])
            #expect(results.map(\.version) == [2, 1, nil, nil, 2])
            #expect(
                results.map { $0.problem?.type } == [
                    nil, nil, "/problems/malformed-json", "/problems/invalid-fields", nil,
                ])
            let events = await api.store.allEvents(of: Items.streamCategory)
            #expect(events.count == 5)
            #expect(Set(events.map { String($0.stream.entity) }) == Set(results.compactMap(\.id)))
            #expect(Set(events.map(\.id.description)).isSuperset(of: results.compactMap(\.eventId)))

            #expect(try await api.importing(lines, to: Self.path, headers: key) == results)
            // Without the key they are other items.
            let others = try await api.importing(#"{"sku":"a-1","name":"Chair"}"#, to: Self.path)
            #expect(others.map(\.problem?.type) == ["/problems/sku-taken"])
            #expect(await api.store.allEvents(of: Items.streamCategory).count == 5)
        }
    }
}
