// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import MongoDB
import Testing

@Suite("A cursor", .enabled(if: TestServer.isThere, TestServer.note), .timeLimit(.minutes(1)))
struct CursorTests {
    @Test("gives all documents in order, over many batches, while others use its worker")
    func batches() async throws {
        try await TestServer.withCollection {
            $0.workers = 1
        } _: { collection in
            try await collection.insertMany((0..<5000).map { ["_id": .int($0)] })
            var expected = 0
            for try await document in collection.find(sort: ["_id": 1], batchSize: 100) {
                #expect(document["_id"]?.intValue == expected)
                if expected % 500 == 0 {
                    let found = try await collection.findOne(["_id": .int(expected)])
                    #expect(found != nil)
                }
                expected += 1
            }
            #expect(expected == 5000)
        }
    }

    @Test("gives whole batches of the size asked for")
    func wholeBatches() async throws {
        try await TestServer.withCollection { collection in
            try await collection.insertMany((0..<250).map { ["_id": .int($0)] })
            let cursor = collection.find(batchSize: 100)
            var sizes: [Int] = []
            while let batch = try await cursor.nextBatch() { sizes.append(batch.count) }
            #expect(sizes == [100, 100, 50] || sizes == [100, 150])
            let end = try await cursor.nextBatch()
            #expect(end == nil)
        }
    }

    @Test("is closed on the server when it is closed or released")
    func release() async throws {
        try await TestServer.withCollection { collection in
            try await collection.insertMany((0..<500).map { ["_id": .int($0)] })
            let admin = collection.client.database("admin")
            func openCursors() async throws -> Int {
                let operations = try await admin.runCommand([
                    "aggregate": 1, "cursor": [:],
                    "pipeline": [
                        ["$currentOp": ["idleCursors": true]],
                        [
                            "$match": [
                                "ns": .string("\(collection.databaseName).\(collection.name)"), "type": "idleCursor",
                            ]
                        ],
                    ],
                ])
                return operations["cursor"]?.documentValue?["firstBatch"]?.arrayValue?.values.count ?? -1
            }
            let first = collection.find(batchSize: 10)
            do {
                let second = collection.find(batchSize: 10)
                _ = try await first.nextBatch()
                _ = try await second.nextBatch()
                #expect(try await openCursors() == 2)
            }
            #expect(try await eventually { try await openCursors() == 1 })
            first.close()
            #expect(try await eventually { try await openCursors() == 0 })
            let end = try await first.nextBatch()
            #expect(end == nil)
        }
    }

    @Test("says that it is lost when the server has forgotten it")
    func lost() async throws {
        try await TestServer.withCollection { collection in
            try await collection.insertMany((0..<500).map { ["_id": .int($0)] })
            let cursor = collection.find(batchSize: 10)
            _ = try await cursor.nextBatch()
            try await collection.drop()
            let code = await failure { () throws(MongoError) in
                while try await cursor.nextBatch() != nil {}
            }
            #expect(code == .cursorLost || code == .unavailable)
            let end = try await cursor.nextBatch()
            #expect(end == nil)
        }
    }

    @Test("refuses two readers at once")
    func twoReaders() async throws {
        try await TestServer.withCollection { collection in
            try await collection.insertMany((0..<50).map { ["_id": .int($0)] })
            let cursor = collection.find(batchSize: 1)
            let codes = await withTaskGroup(of: MongoError.Code?.self) { group in
                for _ in 0..<8 {
                    group.addTask { await failure { () throws(MongoError) in _ = try await cursor.nextBatch() } }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.contains(nil))
            #expect(codes.allSatisfy { $0 == nil || $0 == .invalidArgument })
        }
    }

    @Test("leaves its worker's time to others, too")
    func fairness() async throws {
        try await TestServer.withCollection {
            $0.workers = 1
        } _: { collection in
            try await collection.insertMany((0..<2000).map { ["_id": .int($0)] })
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask { while true { for try await _ in collection.find(batchSize: 10) {} } }
                }
                for _ in 0..<50 { _ = try await collection.findOne(["_id": 0]) }
                group.cancelAll()
                while let result = await group.nextResult() {
                    if case .failure(let error as MongoError) = result { #expect(error.code == .cancelled) }
                }
            }
        }
    }

    @Test("passes over a document with broken UTF-8 and tells so")
    func invalidUTF8() async throws {
        try await TestServer.withCollection { collection in
            // The server does not check strings; only the C library as the writer can make such a document.
            try insertBroken(uri: try #require(TestServer.uri), collection.databaseName, collection.name)
            try await collection.insertOne(["_id": 0])
            try await collection.insertOne(["_id": 2])
            let cursor = collection.find(sort: ["_id": 1])
            let first = try await cursor.nextBatch()
            #expect(first == [["_id": 0]])
            let error = await #expect(throws: MongoError.self) { try await cursor.nextBatch() }
            #expect(error?.code == .invalidBSON)
            let rest = try await cursor.nextBatch()
            #expect(rest == [["_id": 2]])
            let found = await failure { () throws(MongoError) in _ = try await collection.findOne(["_id": 1]) }
            #expect(found == .invalidBSON)
        }
    }
}
