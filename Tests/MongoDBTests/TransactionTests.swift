// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import MongoDB
import Synchronization
import Testing

@Suite("A transaction", .enabled(if: TestServer.isThere, TestServer.note), .timeLimit(.minutes(1)))
struct TransactionTests {
    @Test("writes to several collections, and reads what it has written")
    func commits() async throws {
        try await TestServer.withCollection { things in
            let others = things.client.database(things.databaseName)["others"]
            let read = try await things.client.withTransaction { transaction throws(MongoError) in
                try transaction.bulkWrite([.insertOne(["_id": 1]), .insertOne(["_id": 2])], to: things)
                try transaction.bulkWrite(
                    [.updateOne(filter: ["_id": "n"], update: ["$inc": ["n": 2]], upsert: true)], to: others)
                return try transaction.find(in: others, ["_id": "n"], projection: ["n": 1])
            }
            #expect(read == [["_id": "n", "n": 2]])
            #expect(try await things.countDocuments() == 2)
            #expect(try await others.findOne(["_id": "n"])?["n"] == 2)
        }
    }

    @Test("leaves nothing when a write is refused, or the body throws")
    func leavesNothing() async throws {
        try await TestServer.withCollection { things in
            try await things.insertOne(["_id": 2])
            let refused = await failure { () throws(MongoError) in
                try await things.client.withTransaction { transaction throws(MongoError) in
                    try transaction.bulkWrite([.insertOne(["_id": 1]), .insertOne(["_id": 2])], to: things)
                }
            }
            #expect(refused == .duplicateKey)
            let thrown = await failure { () throws(MongoError) in
                try await things.client.withTransaction { transaction throws(MongoError) in
                    try transaction.bulkWrite([.insertOne(["_id": 3])], to: things)
                    throw MongoError(.invalidArgument)
                }
            }
            #expect(thrown == .invalidArgument)
            #expect(try await things.find().toArray() == [["_id": 2]])
        }
    }

    @Test("tries again when it meets another one, so that all add up")
    func conflicts() async throws {
        try await TestServer.withCollection { things in
            try await things.insertOne(["_id": "n", "n": 0])
            let (writers, times) = (8, 25)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<writers {
                    group.addTask {
                        for time in 0..<times {
                            try await things.client.withTransaction { transaction throws(MongoError) in
                                let n = try transaction.find(in: things, ["_id": "n"]).first?["n"]?.intValue ?? 0
                                try transaction.bulkWrite(
                                    [.insertOne(["_id": .string("\(writer) \(time)")])], to: things)
                                try transaction.bulkWrite(
                                    [.updateOne(filter: ["_id": "n"], update: ["$set": ["n": .int(n + 1)]])], to: things
                                )
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await things.findOne(["_id": "n"])?["n"]?.intValue == writers * times)
            #expect(try await things.countDocuments() == writers * times + 1)
        }
    }

    @Test("computes by a pipeline from what a document has")
    func pipelines() async throws {
        try await TestServer.withCollection { things in
            let half: BSONValue = ["$divide": ["$n", 2]]
            for _ in 1...3 {
                try await things.client.withTransaction { transaction throws(MongoError) in
                    try transaction.bulkWrite(
                        [
                            .updateOneByPipeline(
                                filter: ["_id": 1],
                                stages: [
                                    ["$set": ["n": ["$add": [["$ifNull": ["$n", 0]], 3]]]], ["$set": ["half": half]],
                                ], upsert: true)
                        ], to: things)
                }
            }
            #expect(try await things.findOne(["_id": 1]) == ["_id": 1, "n": 9, "half": 4.5])
            #expect(
                await failure { () throws(MongoError) in
                    _ = try await things.bulkWrite([.updateOneByPipeline(filter: [:], stages: [])])
                } != nil
            )
        }
    }

    @Test("ends by its deadline although another one keeps what it wants")
    func deadline() async throws {
        try await TestServer.withCollection { things in
            try await things.insertOne(["_id": 1])
            let (isBegun, begun) = AsyncStream.makeStream(of: Void.self)
            let isOver = Flag()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await things.client.withTransaction { transaction throws(MongoError) in
                        try transaction.bulkWrite(
                            [.updateOne(filter: ["_id": 1], update: ["$set": ["n": 1]])], to: things)
                        begun.yield()
                        while !isOver.isRaised { _ = try transaction.find(in: things, [:]) }
                    }
                }
                for await _ in isBegun { break }
                let second = await failure { () throws(MongoError) in
                    try await things.client.withTransaction(timeout: .milliseconds(300)) {
                        transaction throws(MongoError) in
                        try transaction.bulkWrite(
                            [.updateOne(filter: ["_id": 1], update: ["$set": ["n": 2]])], to: things)
                    }
                }
                isOver.raise()
                #expect(second == .writeConflict || second == .timedOut)
                try await group.waitForAll()
            }
            #expect(try await things.findOne(["_id": 1])?["n"] == 1)
        }
    }

    @Test("is not seen by half: a snapshot reads all that was there at its first look, and no more")
    func snapshot() async throws {
        try await TestServer.withCollection { things in
            let others = things.client.database(things.databaseName)["others"]
            _ = try await things.bulkWrite((1...1500).map { .insertOne(["_id": .int($0)]) }, ordered: false)
            try await others.insertOne(["_id": "count", "n": 1500])
            let (isBegun, begun) = AsyncStream.makeStream(of: Void.self)
            let isWritten = Flag()
            async let seen = things.client.withSnapshot(timeout: .seconds(20)) { snapshot throws(MongoError) in
                var counts: Set<Int> = []
                var isLast = false
                while true {
                    var count = 0
                    try snapshot.forEach(in: things, projection: ["_id": 1]) { _ in count += 1 }
                    try snapshot.forEach(in: others) { counts.insert($0["n"]?.intValue ?? 0) }
                    counts.insert(count)
                    begun.yield()
                    if isLast { return counts }
                    isLast = isWritten.isRaised
                }
            }
            for await _ in isBegun { break }
            try await things.client.withTransaction { transaction throws(MongoError) in
                try transaction.bulkWrite([.insertOne(["_id": 0])], to: things)
                try transaction.bulkWrite(
                    [.updateOne(filter: ["_id": "count"], update: ["$inc": ["n": 1]])], to: others)
            }
            isWritten.raise()
            let counts = try await seen
            #expect(counts == [1500])
        }
    }
}

/// What one tells others once.
private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    var isRaised: Bool { value.load(ordering: .acquiring) }

    func raise() { value.store(true, ordering: .releasing) }
}
