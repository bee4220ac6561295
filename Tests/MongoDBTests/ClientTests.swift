// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Configuration
import Dispatch
import Logging
import Synchronization
import Testing

@testable import MongoDB

@Suite("A client", .enabled(if: TestServer.isThere, TestServer.note), .timeLimit(.minutes(1)))
struct ClientTests {
    /// Makes the server sleep, on as many workers as there are operations.
    private static func sleep(_ client: MongoClient, milliseconds: Int) async throws(MongoError) {
        let command: BSONDocument = [
            "aggregate": 1, "cursor": [:],
            "pipeline": [
                ["$documents": [["a": 1]]],
                [
                    "$match": [
                        "$expr": [
                            "$function": [
                                "body": .string("function() { sleep(\(milliseconds)); return true }"), "args": [],
                                "lang": "js",
                            ]
                        ]
                    ]
                ],
            ],
        ]
        _ = try await client.database("admin").runCommand(command)
    }

    /// Has a worker do something short.
    private static func look(_ client: MongoClient) async throws(MongoError) {
        _ = try await client.database("admin").runCommand(["ping": 1])
    }

    /// Connects, so that what follows is not about that. Afterwards no worker is busy.
    private static func warmUp(_ client: MongoClient) async throws {
        try await look(client)
        // The worker counts as busy for a moment after its answer.
        #expect(await eventually { !client.core.isBusy })
    }

    @Test("pings")
    func ping() async throws {
        let client = try TestServer.client()
        try await client.ping()
        await client.close()
    }

    @Test("runs as many operations at once as it has workers")
    func parallel() async throws {
        let client = try TestServer.client { $0.workers = 4 }
        try await client.ping()
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { try await Self.sleep(client, milliseconds: 1500) } }
            try await group.waitForAll()
        }
        #expect(ContinuousClock.now - start < .milliseconds(4500))
        await client.close()
    }

    @Test("refuses what does not fit into the queue, with nothing sent")
    func queueFull() async throws {
        let client = try TestServer.client {
            $0.workers = 1
            $0.queueLimit = 3
        }
        try await client.ping()
        let codes = await withTaskGroup(of: MongoError.Code?.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    await failure { () throws(MongoError) in try await Self.sleep(client, milliseconds: 100) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let refused = codes.filter { $0 == .queueFull }.count
        #expect(refused >= 6)
        #expect(codes.filter { $0 == nil }.count == 10 - refused)
        await client.close()
    }

    @Test("gives up an operation that waits too long for a worker")
    func queueTimeout() async throws {
        let client = try TestServer.client {
            $0.workers = 1
            $0.queueTimeout = .milliseconds(200)
        }
        try await Self.warmUp(client)
        async let busy: Void = Self.sleep(client, milliseconds: 2500)
        #expect(await eventually { client.core.isBusy })
        let start = ContinuousClock.now
        let error = await #expect(throws: MongoError.self) { try await Self.look(client) }
        #expect(error?.code == .timedOut)
        #expect(error?.outcomeUnknown == false)
        #expect(ContinuousClock.now - start < .seconds(2))
        try await busy
        await client.close()
    }

    @Test("answers at the deadline although the worker is still busy, and says that the outcome is unknown")
    func deadline() async throws {
        let client = try TestServer.client { $0.workers = 1 }
        try await client.ping()
        let start = ContinuousClock.now
        let command: BSONDocument = [
            "aggregate": 1, "cursor": [:],
            "pipeline": [
                ["$documents": [["a": 1]]],
                [
                    "$match": [
                        "$expr": [
                            "$function": [
                                "body": "function() { sleep(4000); return true }", "args": [], "lang": "js",
                            ]
                        ]
                    ]
                ],
            ],
        ]
        let error = await #expect(throws: MongoError.self) {
            try await client.database("admin").runCommand(command, timeout: .milliseconds(200))
        }
        #expect(error?.code == .timedOut)
        #expect(error?.outcomeUnknown == true)
        #expect(ContinuousClock.now - start < .seconds(3))
        await client.close()
    }

    @Test("takes a cancelled operation out of the queue at once")
    func cancellation() async throws {
        let client = try TestServer.client { $0.workers = 1 }
        try await Self.warmUp(client)
        async let busy: Void = Self.sleep(client, milliseconds: 2500)
        #expect(await eventually { client.core.isBusy })
        let waiting = Task { await failure { () throws(MongoError) in try await Self.look(client) } }
        #expect(await eventually { client.queuedOperations == 1 })
        let start = ContinuousClock.now
        waiting.cancel()
        #expect(await waiting.value == .cancelled)
        #expect(ContinuousClock.now - start < .seconds(2))
        #expect(client.queuedOperations == 0)
        try await busy
        await client.close()
    }

    @Test("may be held last by an operation that nobody waits for any more: it ends with that")
    func lastHolder() async throws {
        weak var core: ClientCore?
        let goOn = DispatchSemaphore(value: 0)
        let database = "test_\(UInt64.random(in: 0 ... .max))"
        let running: Task<Void, any Error>
        do {
            let client = try TestServer.client { $0.workers = 1 }
            core = client.core
            try await Self.warmUp(client)
            let things = client.database(database)["things"]
            running = Task {
                try await client.withTransaction { transaction throws(MongoError) in
                    // On the client's thread, which may wait.
                    guard goOn.wait(timeout: .now() + 20) == .success else { throw MongoError(.timedOut) }
                    // The collection holds the client.
                    try transaction.bulkWrite([.insertOne(["_id": 1])], to: things)
                    throw MongoError(.invalidArgument)
                }
            }
            #expect(await eventually { core?.isBusy ?? false })
        }
        running.cancel()
        _ = await running.result
        goOn.signal()
        // What the threads of a client keep alive goes when the last of them has ended.
        #expect(await eventually { core == nil })
    }

    @Test("answers a cancelled operation at once although a worker is at it, and says what is not known")
    func cancellationUnderWay() async throws {
        let client = try TestServer.client { $0.workers = 1 }
        try await Self.warmUp(client)
        let running = Task { () -> MongoError? in
            do throws(MongoError) {
                try await Self.sleep(client, milliseconds: 4000)
                return nil
            } catch {
                return error
            }
        }
        #expect(await eventually { client.core.isBusy })
        running.cancel()
        let error = await running.value
        #expect(error?.code == .cancelled)
        #expect(error?.outcomeUnknown == true)
        await client.close()
    }

    @Test("pings although every worker is busy and the queue is full")
    func reserved() async throws {
        let client = try TestServer.client {
            $0.workers = 2
            $0.queueLimit = 4
        }
        try await Self.warmUp(client)
        let busy = (0..<2).map { _ in Task { try? await Self.sleep(client, milliseconds: 4000) } }
        #expect(await eventually { client.core.queue.underWay.count == 2 })
        let waiting = (0..<4).map { _ in Task { try? await Self.sleep(client, milliseconds: 1) } }
        #expect(await eventually { client.queuedOperations == 4 })
        try await client.ping(timeout: .seconds(1))
        #expect(client.queuedOperations > 0)
        for task in busy + waiting { task.cancel() }
        await client.close()
    }

    @Test("closes at once when that is cancelled: what is under way is answered, and its outcome unknown")
    func closeAtOnce() async throws {
        let client = try TestServer.client { $0.workers = 2 }
        try await Self.warmUp(client)
        let running = Task {
            await failure { () throws(MongoError) in try await Self.sleep(client, milliseconds: 4000) }
        }
        #expect(await eventually { client.core.isBusy })
        await client.close(within: .zero)
        #expect(await running.value == .closed)
    }

    @Test("sends nothing for a task that is cancelled already")
    func cancelledBefore() async throws {
        let client = try TestServer.client()
        let code = await Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return await failure { () throws(MongoError) in try await client.ping() }
        }.value
        #expect(code == .cancelled)
        await client.close()
    }

    @Test("closes in order: running operations end, waiting ones fail, later ones are refused")
    func close() async throws {
        let client = try TestServer.client { $0.workers = 2 }
        try await client.ping()
        let codes = await withTaskGroup(of: MongoError.Code?.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    await failure { () throws(MongoError) in try await Self.sleep(client, milliseconds: 2000) }
                }
            }
            _ = await eventually { client.queuedOperations == 4 }
            await client.close()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.filter { $0 == nil }.count == 2)
        #expect(codes.filter { $0 == .closed }.count == 4)
        #expect(await failure { () throws(MongoError) in try await client.ping() } == .closed)
        await client.close()
    }

    @Test("can be closed at any moment under load", arguments: [1, 3, 8])
    func closeUnderLoad(workers: Int) async throws {
        for round in 0..<5 {
            let client = try TestServer.client { $0.workers = workers }
            let collection = client.database("test_close").collection("none")
            let codes = await withTaskGroup(of: MongoError.Code?.self) { group in
                for index in 0..<50 {
                    group.addTask {
                        await failure { () throws(MongoError) in
                            while true { _ = try await collection.find(["_id": .int(index)], batchSize: 2).nextBatch() }
                        }
                    }
                }
                _ = await eventually { client.core.isBusy }
                for _ in 0..<round * 20 { await Task.yield() }
                await client.close()
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.allSatisfy { $0 == .closed })
        }
    }

    @Test("ends its threads when it is released without being closed")
    func release() async throws {
        weak var core: ClientCore?
        do {
            let client = try TestServer.client()
            try await client.ping()
            core = client.core
        }
        #expect(await eventually { core == nil })
    }
}
