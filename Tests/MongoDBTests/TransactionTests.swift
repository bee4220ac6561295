// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import MongoDB
import Synchronization
import TestSupport
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
                        while !isOver.isSet { _ = try transaction.find(in: things, [:]) }
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
                isOver.set()
                #expect(second == .writeConflict || second == .timedOut)
                try await group.waitForAll()
            }
            #expect(try await things.findOne(["_id": 1])?["n"] == 1)
        }
    }

    @Test("gives up after as many attempts as it may take")
    func attempts() async throws {
        try await TestServer.withCollection { things in
            try await things.insertOne(["_id": 1])
            let tries = Mutex(0)
            let error = await failure { () throws(MongoError) in
                try await things.client.withTransaction(attempts: 3) { transaction throws(MongoError) in
                    tries.withLock { $0 += 1 }
                    throw MongoError(.writeConflict)
                }
            }
            #expect(error == .writeConflict)
            #expect(tries.withLock { $0 } == 3)
        }
    }

    @Test("ends a snapshot that nobody waits for any more")
    func cancelledSnapshot() async throws {
        try await TestServer.withCollection({ $0.workers = 1 }) { things in
            _ = try await things.bulkWrite((1...1500).map { .insertOne(["_id": .int($0)]) }, ordered: false)
            let (isBegun, begun) = AsyncStream.makeStream(of: Void.self)
            let (isEnded, ended) = AsyncStream.makeStream(of: MongoError.Code?.self)
            let reading = Task {
                try await things.client.withSnapshot(timeout: .seconds(3600)) { snapshot throws(MongoError) in
                    do throws(MongoError) {
                        while true {
                            try snapshot.forEach(in: things) { _ throws(MongoError) in true }
                            begun.yield()
                        }
                    } catch {
                        ended.yield(error.code)
                        throw error
                    }
                }
            }
            for await _ in isBegun { break }
            reading.cancel()
            for await code in isEnded {
                #expect(code == .cancelled)
                break
            }
            // The worker is there for others again.
            #expect(try await things.countDocuments() == 1500)
        }
    }

    @Test("says of a commit whether its outcome is known", .enabled(if: OwnServer.isThere))
    func commitsThatFail() async throws {
        try await OwnServer.with(settings: "setParameter: { enableTestCommands: 1 }") { server in
            let control = try server.client()
            for (number, failure) in CommitFailure.all.enumerated() {
                let client = try server.client()
                let (controlled, things) = (
                    control.database("test")["things\(number)"], client.database("test")["things\(number)"]
                )
                try await controlled.insertOne(["_id": 0])
                try await control.failCommits(failure)
                var error: MongoError?
                do throws(MongoError) {
                    try await client.withTransaction(timeout: failure.timeout) { transaction throws(MongoError) in
                        try transaction.bulkWrite([.insertOne(["_id": 1])], to: things)
                    }
                } catch let thrown {
                    error = thrown
                }
                // What is under way after the deadline meets the failure as well.
                await client.close(within: .seconds(10))
                try await control.failCommits(nil)
                let note = Comment(rawValue: "\(failure): \(String(describing: error))")
                #expect((error == nil) == (failure.outcome == .success), note)
                #expect((error?.outcomeUnknown ?? false) == (failure.outcome == .unknown), note)
                // What a majority has not acknowledged yet is not read yet.
                let count = failure.isThere ? 2 : 1
                #expect(try await eventually { try await controlled.countDocuments() == count }, note)
            }
            await control.close(within: .zero)
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
                    try snapshot.forEach(in: things, projection: ["_id": 1]) { _ throws(MongoError) in
                        count += 1
                        return true
                    }
                    try snapshot.forEach(in: others) { other throws(MongoError) in
                        counts.insert(other["n"]?.intValue ?? 0)
                        return true
                    }
                    counts.insert(count)
                    begun.yield()
                    if isLast { return counts }
                    isLast = isWritten.isSet
                }
            }
            for await _ in isBegun { break }
            try await things.client.withTransaction { transaction throws(MongoError) in
                try transaction.bulkWrite([.insertOne(["_id": 0])], to: things)
                try transaction.bulkWrite(
                    [.updateOne(filter: ["_id": "count"], update: ["$inc": ["n": 1]])], to: others)
            }
            isWritten.set()
            let counts = try await seen
            #expect(counts == [1500])
        }
    }
}

/// What the server does with commits, by its fail point `failCommand`, and what has to come of it.
private struct CommitFailure {
    enum Outcome { case success, unknown, failure }

    /// Of the fail point's data.
    let data: BSONDocument
    let times: Int
    let outcome: Outcome
    let isThere: Bool

    /// What fails for ever need not be waited for long.
    var timeout: Duration { outcome == .success ? .seconds(10) : .seconds(2) }

    init(_ data: BSONDocument, times: Int = 1, _ outcome: Outcome, isThere: Bool) {
        self.data = data
        self.times = times
        self.outcome = outcome
        self.isThere = isThere
    }

    private static let notPrimary: BSONDocument = ["errorCode": 10107, "errorLabels": ["RetryableWriteError"]]

    static let all = [
        // Committed here, and never to be as durable as was asked for, however often it is repeated.
        Self(["writeConcernError": ["code": 100, "errmsg": "no"]], times: 2, .unknown, isThere: true),
        // Committed here, and durable when it is repeated.
        Self(
            ["writeConcernError": ["code": 64, "errmsg": "no", "errInfo": ["wtimeout": true]]], times: 2, .success,
            isThere: true),
        // Cut off before the server has it, or refused for a moment: repeated.
        Self(["closeConnection": true], .success, isThere: true),
        Self(notPrimary, times: 3, .success, isThere: true),
        // A conflict: all of it is done again.
        Self(["errorCode": 251, "errorLabels": ["TransientTransactionError"]], .success, isThere: true),
        // Refused for good.
        Self(["errorCode": 20], .failure, isThere: false),
        // As if refused for a moment, until the time is over.
        Self(notPrimary, times: 100_000, .unknown, isThere: false),
    ]
}

extension MongoClient {
    fileprivate func failCommits(_ failure: CommitFailure?) async throws {
        guard let failure else {
            _ = try await database("admin").runCommand(["configureFailPoint": "failCommand", "mode": "off"])
            return
        }
        var data = BSONWriter()
        data.append("failCommands", ["commitTransaction"])
        for element in failure.data { data.append(element) }
        _ = try await database("admin").runCommand([
            "configureFailPoint": "failCommand", "mode": ["times": .int(failure.times)],
            "data": .document(try data.finish()),
        ])
    }
}
