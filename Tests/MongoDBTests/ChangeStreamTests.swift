// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization
import Testing

@testable import MongoDB

@Suite("A change stream", .enabled(if: TestServer.isThere, TestServer.note), .timeLimit(.minutes(1)))
struct ChangeStreamTests {
    @Test("gives every change behind its opening, in order")
    func order() async throws {
        try await TestServer.withCollection { collection in
            try await collection.insertOne(["_id": -1])
            var options = MongoChangeStreamOptions(includesFullDocument: true)
            options.bufferLimit = 10
            let stream = try collection.watch(options: options)
            try await stream.waitUntilOpen()
            try await collection.insertMany((0..<300).map { ["_id": .int($0)] })
            _ = try await collection.updateOne(["_id": 5], ["$set": ["n": 1]])
            try await collection.deleteOne(["_id": 6])
            var events: [MongoChangeEvent] = []
            for try await event in stream {
                events.append(event)
                if event.kind == .delete { break }
            }
            #expect(events.count == 302)
            #expect(events.prefix(300).map(\.documentID) == (0..<300).map { .int($0) })
            #expect(events.prefix(300).allSatisfy { $0.kind == .insert && $0.clusterTime != nil })
            #expect(events[300].fullDocument == ["_id": 5, "n": 1])
            #expect(events[301].documentID == 6)
            stream.close()
        }
    }

    @Test("resumes behind a token")
    func resume() async throws {
        try await TestServer.withCollection { collection in
            let first = try collection.watch()
            try await first.waitUntilOpen()
            try await collection.insertMany((0..<20).map { ["_id": .int($0)] })
            var token: BSONDocument?
            for try await event in first where event.documentID == 9 {
                token = event.resumeToken
                break
            }
            first.close()
            let second = try collection.watch(options: MongoChangeStreamOptions(start: .after(try #require(token))))
            var ids: [Int] = []
            for try await event in second {
                ids.append(event.documentID?.intValue ?? -1)
                if ids.count == 10 { break }
            }
            #expect(ids == Array(10..<20))
        }
    }

    @Test("resumes although the server takes longer than socketTimeoutMS to find the place")
    func longHistory() async throws {
        try await TestServer.withCollection { collection in
            let first = try collection.watch()
            try await first.waitUntilOpen()
            let token = try #require(first.resumeToken)
            first.close()
            let others = collection.client.database(collection.databaseName).collection("others")
            for batch in 0..<20 {
                let documents = (0..<1000).map { BSONDocument(dictionaryLiteral: ("_id", .int(batch * 1000 + $0))) }
                _ = try await others.insertMany(documents, ordered: false)
            }
            try await collection.insertOne(["_id": 1])
            let impatient = try MongoClient(
                configuration: MongoConfiguration(uri: try #require(TestServer.uri) + "&socketTimeoutMS=20"),
                logger: TestServer.logger)
            let same = impatient.database(collection.databaseName).collection(collection.name)
            let stream = try same.watch(options: MongoChangeStreamOptions(start: .after(token)))
            var iterator = stream.makeAsyncIterator()
            let event = try await iterator.next()
            #expect(event?.documentID == 1)
            stream.close()
            await impatient.close()
        }
    }

    @Test("is caught up only when its reader is")
    func catchingUp() async throws {
        try await TestServer.withCollection { collection in
            let statuses = Mutex<[MongoChangeStream.Status]>([])
            let first = try collection.watch()
            try await first.waitUntilOpen()
            let token = try #require(first.resumeToken)
            first.close()
            try await collection.insertMany((0..<3).map { ["_id": .int($0)] })
            let stream = try collection.watch(options: MongoChangeStreamOptions(start: .after(token))) { status in
                statuses.withLock { $0.append(status) }
            }
            try await stream.waitUntilOpen()
            var iterator = stream.makeAsyncIterator()
            for _ in 0..<3 {
                #expect(stream.status == .catchingUp)
                _ = try await iterator.next()
            }
            // The last event counts as read when the reader comes back for more.
            async let next = iterator.next()
            #expect(await eventually { stream.status == .open })
            stream.close()
            let end = try await next
            #expect(end == nil)
            #expect(stream.status == .ended)
            #expect(await eventually { statuses.withLock { $0.last } == .ended })
            #expect(statuses.withLock { $0.first } == .catchingUp)
        }
    }

    @Test("ends with an error of its own when the history is gone")
    func historyLost() async throws {
        try await TestServer.withCollection { collection in
            let first = try collection.watch()
            try await first.waitUntilOpen()
            try await collection.insertOne(["_id": 1])
            var iterator = first.makeAsyncIterator()
            let token = try #require(try await iterator.next()?.resumeToken["_data"]?.stringValue)
            first.close()
            // The digits behind "82" are the seconds: a token from before, of an event that the oplog does not hold.
            let digits = token.dropFirst(2).prefix(8)
            let seconds = try #require(UInt32(digits, radix: 16)) - 1
            let forged = token.prefix(2) + String(seconds, radix: 16, uppercase: true) + token.dropFirst(10)
            let options = MongoChangeStreamOptions(start: .after(["_data": .string(String(forged))]))
            let stream = try collection.watch(options: options)
            let error = await #expect(throws: MongoError.self) { for try await _ in stream {} }
            #expect(error?.code == .historyLost)
            #expect(error?.serverCode == 280)
            #expect(stream.status == .ended)
            // What the server says when the oplog has rolled over, which takes a gigabyte of writes.
            #expect(MongoError.Code(serverCode: 286) == .historyLost)
        }
    }

    @Test("ends with the collection")
    func invalidate() async throws {
        try await TestServer.withCollection { collection in
            try await collection.insertOne(["_id": 1])
            let stream = try collection.watch()
            try await stream.waitUntilOpen()
            try await collection.drop()
            var kinds: [MongoChangeEvent.Kind] = []
            let error = await #expect(throws: MongoError.self) {
                for try await event in stream { kinds.append(event.kind) }
            }
            #expect(kinds == [.drop, .invalidate])
            #expect(error?.code == .namespaceMissing)
        }
    }

    @Test("passes over an event with broken UTF-8 and tells so")
    func invalidUTF8() async throws {
        try await TestServer.withCollection { collection in
            let stream = try collection.watch()
            try await stream.waitUntilOpen()
            try insertBroken(uri: try #require(TestServer.uri), collection.databaseName, collection.name)
            try await collection.insertOne(["_id": 2])
            var iterator = stream.makeAsyncIterator()
            let error = await #expect(throws: MongoError.self) { try await iterator.next() }
            #expect(error?.code == .invalidBSON)
            let event = try await iterator.next()
            #expect(event?.documentID == 2)
        }
    }

    @Test("refuses a pipeline that the server refuses")
    func badPipeline() async throws {
        try await TestServer.withCollection { collection in
            let stream = try collection.watch([["$nonsense": 1]])
            let code = await failure { () throws(MongoError) in try await stream.waitUntilOpen() }
            #expect(code == .server)
        }
    }

    @Test("ends quietly when its client is closed or its reader is cancelled, and gives its thread back")
    func closing() async throws {
        let client = try TestServer.client { $0.changeStreamLimit = 1 }
        let collection = client.database("test_none").collection("none")
        let first = try collection.watch()
        try await first.waitUntilOpen()
        #expect(throws: MongoError.self) { try collection.watch() }
        let reader = Task { () throws -> MongoChangeEvent? in
            var iterator = first.makeAsyncIterator()
            return try await iterator.next()
        }
        reader.cancel()
        #expect(try await reader.value == nil)
        first.close()
        #expect(await eventually { (try? collection.watch()) != nil })
        await client.close()
        #expect(throws: MongoError.self) { try collection.watch() }
    }

    @Test("does not hold up operations however many there are")
    func manyStreams() async throws {
        try await TestServer.withCollection {
            $0.workers = 1
        } _: { collection in
            let streams = try (0..<8).map { _ in try collection.watch() }
            for stream in streams { try await stream.waitUntilOpen() }
            try await collection.insertOne(["_id": 1])
            for stream in streams {
                var iterator = stream.makeAsyncIterator()
                let event = try await iterator.next()
                #expect(event?.documentID == 1)
            }
        }
    }
}
