// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSMongoDB
import CQRSUpkeep
import Foundation
import MongoDB
import TestSupport
import Testing

@Suite("A ledger of arrivals in MongoDB", .timeLimit(.minutes(1)))
struct ArrivalLedgerTests {
    @Test("keeps the last marks of its queue")
    func marks() async throws {
        guard let uri = try TestEnvironment.mongoURI() else { return }
        let client = try MongoClient(configuration: MongoConfiguration(uri: uri), logger: quietLogger)
        let database = client.database("contract_\(UUID().uuidString.prefix(8))")
        let ledger = MongoArrivalLedger(collection: database.collection("arrivals"), queue: "users.projection")
        let other = MongoArrivalLedger(collection: database.collection("arrivals"), queue: "orders.projection")
        #expect(try await ledger.marks() == nil)
        try await ledger.keep(ArrivalMarks())
        #expect(try await ledger.marks() == ArrivalMarks())
        let (one, two) = (WriterID(), WriterID())
        let marks = ArrivalMarks(
            writers: [one: RelayProgress(published: 7), two: RelayProgress(published: 9, setAside: [3, 5])], newest: two
        )
        try await ledger.keep(marks)
        #expect(try await ledger.marks() == marks)
        #expect(try await other.marks() == nil)
        try await database.drop()
        await client.close(within: .zero)
    }
}
