// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRSMongoDB
import Foundation
import MongoDB
import TestSupport
import Testing

@Suite("A ledger of catch-ups in MongoDB", .timeLimit(.minutes(1)))
struct CatchUpLedgerTests {
    @Test("remembers the last request of its queue until that one is done")
    func requests() async throws {
        guard let uri = try TestEnvironment.mongoURI() else { return }
        let client = try MongoClient(configuration: MongoConfiguration(uri: uri), logger: quietLogger)
        let database = client.database("contract_\(UUID().uuidString.prefix(8))")
        let collection = database.collection("catch_ups")
        let ledger = MongoCatchUpLedger(collection: collection, queue: "users.projection")
        let other = MongoCatchUpLedger(collection: collection, queue: "orders.projection")
        #expect(try await ledger.pending() == nil)
        try await ledger.request()
        let first = try #require(try await ledger.pending())
        try await ledger.request()
        try await ledger.complete(first)
        // What was asked for while the first was under way is not done with it.
        let second = try #require(try await ledger.pending())
        #expect(second != first)
        #expect(try await other.pending() == nil)
        try await ledger.complete(second)
        #expect(try await ledger.pending() == nil)
        try await database.drop()
        await client.close(within: .zero)
    }
}
