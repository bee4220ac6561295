// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import Logging
import Synchronization
import TestSupport
import Testing

@testable import MongoDB

/// What came of many insertions, each under a number of its own.
private final class Tally: Sendable {
    let applied = Mutex<Set<Int>>([])
    let unknown = Mutex<Set<Int>>([])
    let worst = Mutex(Duration.zero)
    let failures = Mutex<[MongoError.Code: Int]>([:])
    let isDone = Atomic<Bool>(false)
    private let numbers = Atomic<Int>(0)

    func insert(into collection: MongoCollection) async {
        let id = numbers.wrappingAdd(1, ordering: .relaxed).newValue
        let start = ContinuousClock.now
        do throws(MongoError) {
            try await collection.insertOne(["_id": .int(id)])
            applied.withLock { _ = $0.insert(id) }
        } catch {
            if error.outcomeUnknown { unknown.withLock { _ = $0.insert(id) } }
            failures.withLock { $0[error.code, default: 0] += 1 }
        }
        let duration = ContinuousClock.now - start
        worst.withLock { $0 = max($0, duration) }
    }
}

@Suite(
    "Under faults, the client", .serialized, .timeLimit(.minutes(3)),
    .enabled(if: OwnServer.isThere, "scripts/servers is missing; TEST_SERVERS can name another"))
struct FaultTests {
    /// Repeats an operation until it succeeds, at most 30 s.
    private func untilItWorks(_ body: () async throws(MongoError) -> Void) async -> Bool {
        await eventually(30) {
            do throws(MongoError) {
                try await body()
                return true
            } catch {
                return false
            }
        }
    }

    @Test("fails typed and in time while the server is away, and recovers by itself")
    func restart() async throws {
        try await OwnServer.with { server in
            let client = try server.client()
            let collection = client.database("test").collection("things")
            try await collection.insertOne(["_id": 0])
            let tally = Tally()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        while !tally.isDone.load(ordering: .relaxed) { await tally.insert(into: collection) }
                    }
                }
                #expect(await eventually { tally.applied.withLock { $0.count } > 200 })
                try await server.stop()
                #expect(await eventually { tally.failures.withLock { $0[.unavailable, default: 0] } > 16 })
                try await server.start()
                let before = tally.applied.withLock { $0.count }
                #expect(await eventually(30) { tally.applied.withLock { $0.count } > before + 200 })
                tally.isDone.store(true, ordering: .relaxed)
                try await group.waitForAll()
            }
            #expect(tally.worst.withLock { $0 } < .seconds(11))
            let codes = tally.failures.withLock { Set($0.keys) }
            // A write that the shutdown catches while it waits for its majority is applied, but not confirmed.
            #expect(codes.isSubset(of: [.unavailable, .timedOut, .writeConcern]))
            let stored = Set(try await collection.find().toArray().compactMap { $0["_id"]?.intValue }.filter { $0 > 0 })
            let (known, doubtful) = (tally.applied.withLock { $0 }, tally.unknown.withLock { $0 })
            #expect(known.isSubset(of: stored))
            #expect(stored.isSubset(of: known.union(doubtful)))
            await client.close()
        }
    }

    @Test("answers in time while the server is frozen, and recovers by itself")
    func frozen() async throws {
        try await OwnServer.with { server in
            let client = try server.client { $0.operationTimeout = .seconds(4) }
            let collection = client.database("test").collection("things")
            try await collection.insertOne(["_id": 0])
            try await server.pause()
            let start = ContinuousClock.now
            let codes = await withTaskGroup(of: MongoError?.self) { group in
                for index in 1...20 {
                    group.addTask {
                        do throws(MongoError) {
                            try await collection.insertOne(["_id": .int(index)])
                            return nil
                        } catch {
                            return error
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(codes.allSatisfy { $0?.code == .timedOut || $0?.code == .unavailable })
            // Eight were on their way, the others never left the queue.
            #expect(codes.filter { $0?.outcomeUnknown == true }.count <= 8)
            #expect(codes.filter { $0?.outcomeUnknown == true }.count >= 1)
            // Closing is bounded, too.
            let other = try server.client()
            async let stuck = failure { () throws(MongoError) in try await other.ping() }
            let closing = ContinuousClock.now
            await other.close()
            #expect(ContinuousClock.now - closing < .seconds(20))
            #expect(await stuck != nil)
            try await server.resume()
            #expect(await untilItWorks { () throws(MongoError) in try await client.ping() })
            await client.close()
        }
    }

    @Test("says that the outcome of a bulk is unknown when the server is killed in it, and repeating it is safe")
    func killedInBulk() async throws {
        try await OwnServer.with { server in
            let client = try server.client { $0.operationTimeout = .seconds(8) }
            let collection = client.database("test").collection("things")
            try await collection.insertOne(["_id": "first"])
            // So much that the server is at it for longer than it takes to see that it has begun.
            let text = String(repeating: "some text to carry along ", count: 20)
            let writes = (0..<60_000).map { MongoWrite.insertOne(["_id": .int($0), "text": .string(text)]) }
            let bulk = Task { () -> MongoError? in
                do throws(MongoError) {
                    _ = try await collection.bulkWrite(writes, ordered: false)
                    return nil
                } catch {
                    return error
                }
            }
            let observer = try server.client()
            let seen = observer.database("test").collection("things")
            #expect(
                await eventually {
                    ((try? await seen.aggregate([["$collStats": ["count": [:]]]]).toArray().first?["count"]?.intValue)
                        ?? 0) > 500
                })
            try await server.kill()
            let error = try #require(await bulk.value)
            #expect(error.outcomeUnknown)
            #expect([.unavailable, .timedOut].contains(error.code))
            try await server.start()
            var result: BulkWriteResult?
            #expect(
                await untilItWorks { () throws(MongoError) in
                    result = try await collection.bulkWrite(writes, ordered: false, timeout: .seconds(30))
                })
            let repeated = try #require(result)
            #expect(
                repeated.writeErrors.allSatisfy { $0.code == .duplicateKey && $0.keyPattern?.map(\.key) == ["_id"] })
            #expect(try await collection.countDocuments(timeout: .seconds(30)) == 60_001)
            await observer.close()
            await client.close()
        }
    }

    @Test("loses no event of a change stream while the server is killed and started, and shows the interruption")
    func changeStream() async throws {
        try await OwnServer.with { server in
            let client = try server.client()
            let collection = client.database("test").collection("things")
            try await collection.insertOne(["_id": -1])
            let statuses = Mutex<[MongoChangeStream.Status]>([])
            let stream = try collection.watch { status in statuses.withLock { $0.append(status) } }
            try await stream.waitUntilOpen()
            let ids = Mutex<[Int]>([])
            let reader = Task {
                for try await event in stream where event.kind == .insert {
                    ids.withLock { $0.append(event.documentID?.intValue ?? -1) }
                    if event.documentID == 2000 { return }
                }
            }
            for id in 0..<300 { try await collection.insertOne(["_id": .int(id)]) }
            try await server.kill()
            #expect(await eventually { stream.status == .interrupted })
            try await server.start()
            for id in 300..<600 {
                #expect(
                    await untilItWorks { () throws(MongoError) in
                        do throws(MongoError) {
                            try await collection.insertOne(["_id": .int(id)])
                        } catch {
                            guard error.code == .duplicateKey else { throw error }
                        }
                    })
            }
            #expect(await eventually(30) { stream.status == .open })
            try await collection.insertOne(["_id": 2000])
            try await reader.value
            #expect(ids.withLock { $0 } == Array(0..<600) + [2000])
            #expect(statuses.withLock { $0 }.contains(.interrupted))
            stream.close()
            await client.close()
        }
    }

    @Test("shows a frozen server in a change stream's status before the network reports it")
    func frozenChangeStream() async throws {
        try await OwnServer.with { server in
            let client = try server.client()
            let stream = try client.database("test").collection("things").watch()
            try await stream.waitUntilOpen()
            #expect(await eventually { stream.status == .open })
            try await server.pause()
            #expect(await eventually(3) { stream.status == .interrupted })
            try await server.resume()
            #expect(await eventually(30) { stream.status == .open })
            await client.close()
        }
    }

    @Test("is closed within seconds although a change stream waits for a frozen server, and frees everything later")
    func closeWithFrozenStream() async throws {
        try await OwnServer.with { server in
            weak var core: ClientCore?
            do {
                let client = try server.client()
                core = client.core
                let stream = try client.database("test").collection("things").watch()
                try await stream.waitUntilOpen()
                try await server.pause()
                #expect(await eventually { stream.status == .interrupted })
                let start = ContinuousClock.now
                await client.close()
                #expect(ContinuousClock.now - start < .seconds(8))
            }
            try await server.resume()
            #expect(await eventually { core == nil })
        }
    }

    @Test("fails typed and in time for a host that is not there, and leaks no credentials")
    func unreachable() async throws {
        let messages = Mutex<[String]>([])
        let logger = Logger(label: "test") { _ in CollectingHandler { text in messages.withLock { $0.append(text) } } }
        let configuration = try MongoConfiguration(
            uri: "mongodb://ada:s3cret@127.0.0.1:9/?serverSelectionTimeoutMS=500")
        let client = try MongoClient(configuration: configuration, logger: logger)
        let start = ContinuousClock.now
        let error = await #expect(throws: MongoError.self) { try await client.ping() }
        #expect(error?.code == .unavailable)
        #expect(ContinuousClock.now - start < .seconds(3))
        let write = await #expect(throws: MongoError.self) {
            try await client.database("a").collection("b").insertOne(["_id": 1])
        }
        #expect(write?.outcomeUnknown == false)
        let stream = try client.database("a").collection("b").watch()
        let code = await failure { () throws(MongoError) in try await stream.waitUntilOpen(timeout: .seconds(1)) }
        #expect(code == .timedOut)
        await client.close()
        for text in messages.withLock({ $0 }) + [String(reflecting: error), String(reflecting: write)] {
            #expect(!text.contains("s3cret"))
        }
    }

    @Test("names refused credentials as such, without them")
    func wrongCredentials() async throws {
        try await OwnServer.with { server in
            let client = try MongoClient(
                configuration: MongoConfiguration(
                    uri: "mongodb://ada:s3cret@127.0.0.1:\(server.port)/?replicaSet=rs0"), logger: TestServer.logger)
            let error = await #expect(throws: MongoError.self) { try await client.ping() }
            #expect(error?.code == .authentication)
            #expect(error?.debugDescription.contains("s3cret") == false)
            #expect(error?.description.contains("ada") == false)
            await client.close()
        }
    }
}
