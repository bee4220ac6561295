// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import MongoDB
import Testing

@Suite("A collection", .enabled(if: TestServer.isThere, TestServer.note), .timeLimit(.minutes(1)))
struct CollectionTests {
    @Test("gives back what was inserted")
    func insertAndFind() async throws {
        try await TestServer.withCollection { collection in
            let id = try await collection.insertOne(["_id": 7, "name": "Ada", "tags": ["a", "b"], "on": true])
            #expect(id == 7)
            #expect(
                try await collection.findOne(["_id": 7]) == ["_id": 7, "name": "Ada", "tags": ["a", "b"], "on": true])
            #expect(try await collection.findOne(["_id": 8]) == nil)
        }
    }

    @Test("makes an _id for a document without one")
    func madeID() async throws {
        try await TestServer.withCollection { collection in
            let id = try await collection.insertOne(["name": "Ada"])
            #expect(try await collection.findOne(["_id": id])?["name"] == "Ada")
        }
    }

    @Test("tells which unique index an insert violates")
    func duplicateKey() async throws {
        try await TestServer.withCollection { collection in
            try await collection.createIndexes([MongoIndex(["claims": 1], unique: true, sparse: true)])
            try await collection.insertOne(["_id": 1, "claims": ["email:ada@example.org"]])
            let error = await #expect(throws: MongoError.self) {
                try await collection.insertOne(["_id": 2, "claims": ["email:ada@example.org"]])
            }
            #expect(error?.code == .duplicateKey)
            #expect(error?.serverCode == 11000)
            #expect(error?.outcomeUnknown == false)
            #expect(error?.keyPattern == ["claims": .int32(1)] || error?.keyPattern == ["claims": 1])
            #expect(error?.keyValue?["claims"] == "email:ada@example.org")
            #expect(error?.description.contains("ada") == false)
            let second = await #expect(throws: MongoError.self) { try await collection.insertOne(["_id": 1]) }
            #expect(second?.keyPattern?.map(\.key) == ["_id"])
        }
    }

    @Test("reports each failed operation of an unordered bulk and applies the others")
    func bulkWrite() async throws {
        try await TestServer.withCollection { collection in
            let result = try await collection.bulkWrite(
                [
                    .insertOne(["_id": 1, "n": 1]), .insertOne(["_id": 1, "n": 2]), .insertOne(["_id": 2, "n": 1]),
                    .updateOne(filter: ["_id": 3], update: ["$set": ["n": 1]], upsert: true),
                    .updateMany(filter: ["n": 1], update: ["$inc": ["n": 1]]),
                    .replaceOne(filter: ["_id": 2], replacement: ["r": 1]),
                    .deleteOne(filter: ["_id": 3]), .insertOne(["_id": 1]),
                ], ordered: false)
            #expect(result.insertedCount == 2)
            #expect(result.upsertedIDs == [3: 3])
            #expect(result.matchedCount == 4)
            #expect(result.modifiedCount == 4)
            #expect(result.deletedCount == 1)
            #expect(result.writeErrors.map(\.index).sorted() == [1, 7])
            #expect(result.writeErrors.allSatisfy { $0.code == .duplicateKey && $0.keyPattern?.map(\.key) == ["_id"] })
            #expect(result.writeErrors.first?.keyValue == ["_id": 1])
            #expect(!result.isComplete)
        }
    }

    @Test("stops an ordered bulk at the first failure")
    func orderedBulk() async throws {
        try await TestServer.withCollection { collection in
            let result = try await collection.insertMany([["_id": 1], ["_id": 1], ["_id": 2]])
            #expect(result.insertedCount == 1)
            #expect(result.writeErrors.map(\.index) == [1])
            #expect(try await collection.countDocuments() == 1)
        }
    }

    @Test("splits a bulk that no single command can hold")
    func largeBulk() async throws {
        try await TestServer.withCollection { collection in
            let padding = BSONValue.binary(BSONBinary([UInt8](repeating: 7, count: 1 << 20)))
            let result = try await collection.insertMany(
                (0..<60).map { ["_id": .int($0), "p": padding] }, ordered: false)
            #expect(result.insertedCount == 60)
            #expect(try await collection.find().toArray().count == 60)
        }
    }

    @Test("does nothing for an empty bulk")
    func emptyBulk() async throws {
        try await TestServer.withCollection { collection in
            let result = try await collection.bulkWrite([])
            #expect(result.isComplete)
        }
    }

    @Test("updates, replaces and deletes one or many")
    func updates() async throws {
        try await TestServer.withCollection { collection in
            try await collection.insertMany((1...5).map { ["_id": .int($0), "n": 0] })
            #expect(try await collection.updateOne(["n": 0], ["$set": ["n": 1]]).modifiedCount == 1)
            #expect(try await collection.updateMany(["n": 0], ["$set": ["n": 2]]).matchedCount == 4)
            let upsert = try await collection.updateOne(["_id": 9], ["$set": ["n": 9]], upsert: true)
            #expect(upsert.upsertedID == 9)
            #expect(try await collection.replaceOne(["_id": 9], ["m": 1]).modifiedCount == 1)
            #expect(try await collection.findOne(["_id": 9]) == ["_id": 9, "m": 1])
            #expect(try await collection.deleteOne(["n": 2]) == 1)
            #expect(try await collection.deleteMany(["n": 2]) == 3)
            #expect(try await collection.countDocuments() == 2)
        }
    }

    @Test("refuses an update without operators and a replacement with them")
    func operators() async throws {
        try await TestServer.withCollection { collection in
            #expect(
                await failure { () throws(MongoError) in _ = try await collection.updateOne([:], ["n": 1]) }
                    == .invalidArgument)
            #expect(
                await failure { () throws(MongoError) in _ = try await collection.replaceOne([:], ["$set": ["n": 1]]) }
                    == .invalidArgument)
            #expect(
                await failure { () throws(MongoError) in
                    _ = try await collection.bulkWrite([.updateOne(filter: [:], update: ["n": 1])])
                } == .invalidArgument)
        }
    }

    @Test("finds and changes in one step")
    func findAndModify() async throws {
        try await TestServer.withCollection { collection in
            try await collection.insertMany((1...3).map { ["_id": .int($0), "n": .int($0)] })
            let before = try await collection.findOneAndUpdate([:], ["$inc": ["n": 10]], sort: ["n": -1])
            #expect(before == ["_id": 3, "n": 3])
            let after = try await collection.findOneAndUpdate(["_id": 3], ["$inc": ["n": 1]], returnsNew: true)
            #expect(after?["n"] == 14)
            #expect(try await collection.findOneAndDelete(["_id": 3])?["n"] == 14)
            #expect(try await collection.findOneAndUpdate(["_id": 3], ["$inc": ["n": 1]]) == nil)
        }
    }

    @Test("aggregates, counts and lists different values")
    func aggregate() async throws {
        try await TestServer.withCollection { collection in
            try await collection.insertMany((0..<100).map { ["_id": .int($0), "k": .int($0 % 3)] })
            let sums = try await collection.aggregate([
                ["$group": ["_id": "$k", "n": ["$sum": 1]]], ["$sort": ["_id": 1]],
            ]).toArray()
            #expect(sums.map { $0["n"]?.intValue } == [34, 33, 33])
            #expect(try await collection.countDocuments(["k": 1]) == 33)
            #expect(try await collection.countDocuments(limit: 5) == 5)
            #expect(try await collection.distinct("k").compactMap(\.intValue).sorted() == [0, 1, 2])
        }
    }

    @Test("sorts, skips, limits, projects and takes a hint")
    func findOptions() async throws {
        try await TestServer.withCollection { collection in
            try await collection.insertMany((0..<50).map { ["_id": .int($0), "n": .int(-$0), "x": 1] })
            try await collection.createIndexes([MongoIndex(["n": 1], name: "by_n")])
            let found = try await collection.find(
                ["n": ["$lt": 0]], sort: ["n": 1], projection: ["n": 1], limit: 5, skip: 2, batchSize: 2, hint: "by_n"
            ).toArray()
            #expect(found.map { $0["n"]?.intValue } == [-47, -46, -45, -44, -43])
            #expect(found.allSatisfy { $0["x"] == nil })
            #expect(
                await failure { () throws(MongoError) in _ = try await collection.find(hint: "none").toArray() }
                    == .server)
        }
    }

    @Test("creates, lists and drops indexes")
    func indexes() async throws {
        try await TestServer.withCollection { collection in
            #expect(try await collection.listIndexes().isEmpty)
            let index = MongoIndex(["stream": 1, "version": -1], unique: true, partialFilter: ["version": ["$gt": 1]])
            try await collection.createIndexes([index])
            try await collection.createIndexes([index])
            #expect(try await collection.listIndexes().map { $0["name"] } == ["_id_", "stream_1_version_-1"])
            try await collection.dropIndexes(["stream_1_version_-1"])
            #expect(try await collection.listIndexes().count == 1)
            #expect(
                await failure { () throws(MongoError) in try await collection.dropIndexes(["none"]) }
                    == .namespaceMissing)
        }
    }

    @Test("can be dropped when it is not there")
    func drop() async throws {
        try await TestServer.withCollection { collection in
            try await collection.drop()
            try await collection.insertOne(["_id": 1])
            try await collection.drop()
            #expect(try await collection.countDocuments() == 0)
        }
    }

    @Test("belongs to a database that lists it")
    func collectionNames() async throws {
        try await TestServer.withCollection { collection in
            try await collection.insertOne(["_id": 1])
            let database = collection.client.database(collection.databaseName)
            #expect(try await database.listCollectionNames() == [collection.name])
            #expect(try await database.runCommand(["dbStats": 1])["collections"]?.intValue == 1)
        }
    }

    @Test("has a name that the server understands as a whole")
    func names() async throws {
        try await TestServer.withCollection { collection in
            let client = collection.client
            for (database, name) in [("", "a"), ("a", ""), ("a.b", "c"), ("a\0b", "c"), ("a", "b\0c"), ("a$", "b")] {
                #expect(
                    await failure { () throws(MongoError) in
                        _ = try await client.database(database).collection(name).findOne()
                    } == .invalidArgument)
            }
        }
    }

    @Test("fails with the server's number and without its text in the description")
    func serverError() async throws {
        try await TestServer.withCollection { collection in
            let error = await #expect(throws: MongoError.self) {
                _ = try await collection.find(["$secret": "ada@example.org"]).toArray()
            }
            #expect(error?.code == MongoError.Code.server)
            #expect(error?.serverCode == 2)
            #expect(error?.description == "MongoError(server, server code 2)")
        }
    }

    @Test("stops a query on the server when its time is over")
    func maxTime() async throws {
        try await TestServer.withCollection { collection in
            try await collection.insertMany((0..<200).map { ["_id": .int($0)] })
            let sleepy: BSONDocument = [
                "$expr": [
                    "$function": [
                        "body": "function() { sleep(20); return true }", "args": [], "lang": "js",
                    ]
                ]
            ]
            let start = ContinuousClock.now
            let error = await #expect(throws: MongoError.self) {
                _ = try await collection.findOne(sleepy, skip: 199, timeout: .milliseconds(300))
            }
            #expect(error?.code == .timedOut)
            #expect(ContinuousClock.now - start < .seconds(3))
        }
    }
}
