// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Logging
import MongoDB
import Synchronization
import TestSupport
import Testing

@testable import CQRSMongoDB

/// Look-ups in shared finds, over finds that the test holds up.
@Suite("Grouped finds", .timeLimit(.minutes(1)))
struct GroupedFindsTests {
    private struct Broken: Error {}

    /// A collection that is only a name here: nothing is asked of it.
    private func withCollection(_ body: (MongoCollection) async throws -> Void) async throws {
        let client = try MongoClient(
            configuration: MongoConfiguration(uri: "mongodb://127.0.0.1:9"), logger: Logger(label: "test"))
        do {
            try await body(client.database("grouped").collection("notes"))
        } catch {
            await client.close(within: .zero)
            throw error
        }
        await client.close(within: .zero)
    }

    /// What a find for these values gives: two documents for each even number.
    private static func documents(_ values: [String]) -> [BSONDocument] {
        values.filter { Int($0).map { $0 % 2 == 0 } ?? false }
            .flatMap { value -> [BSONDocument] in
                [["key": .string(value), "n": 1], ["key": .string(value), "n": 2]]
            }
    }

    @Test("are one find for all who come while two are under way, and each gets what it has asked for")
    func sharing() async throws {
        let gate = Gate()
        let asked = Mutex<[[String]]>([])
        let finds = GroupedFinds { _, field, values in
            #expect(field == "key")
            asked.withLock { $0.append(values) }
            await gate.pass()
            return Self.documents(values)
        }
        try await withCollection { collection in
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { gate.open() }
                for number in 0..<250 {
                    // Who comes before they have begun would be taken along by one of the first two.
                    if number == 2 { try await eventually("two are under way") { asked.withLock { $0.count } == 2 } }
                    group.addTask {
                        // Some ask for the same.
                        let value = "\(number % 240)"
                        let found = try await finds.documents(where: "key", equals: value, in: collection)
                        #expect(found == Self.documents([value]))
                    }
                }
                try await eventually("the others wait") { finds.waiting == 248 }
                gate.open()
                try await group.waitForAll()
            }
        }
        let finds250 = asked.withLock { $0 }
        #expect(finds250.prefix(2).allSatisfy { $0.count == 1 })
        #expect(finds250.count <= 6, "\(finds250.map(\.count))")
        #expect(finds250.allSatisfy { $0.count <= 100 && Set($0).count == $0.count })
        #expect(finds.waiting == 0)
    }

    @Test("fail together, and the next ones are tried anew")
    func failing() async throws {
        let gate = Gate()
        let isBroken = Mutex(true)
        let started = Counter()
        let finds = GroupedFinds { _, _, values in
            started.add()
            await gate.pass()
            if isBroken.withLock({ $0 }) { throw Broken() }
            return Self.documents(values)
        }
        try await withCollection { collection in
            let failures = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { gate.open() }
                for number in 0..<20 {
                    if number == 2 { try await eventually("two are under way") { started.value == 2 } }
                    group.addTask {
                        do {
                            _ = try await finds.documents(where: "key", equals: "\(number)", in: collection)
                        } catch is Broken {
                            failures.add()
                        }
                    }
                }
                try await eventually("waiting") { finds.waiting == 18 }
                gate.open()
                try await group.waitForAll()
            }
            #expect(failures.value == 20)
            isBroken.withLock { $0 = false }
            let found = try await finds.documents(where: "key", equals: "2", in: collection)
            #expect(found == Self.documents(["2"]))
        }
    }

    @Test("refuse what is too much to wait")
    func bounds() async throws {
        let gate = Gate()
        let started = Counter()
        let finds = GroupedFinds { _, _, values in
            started.add()
            await gate.pass()
            return Self.documents(values)
        }
        try await withCollection { collection in
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { gate.open() }
                for number in 0..<4098 {
                    if number == 2 { try await eventually("two are under way") { started.value == 2 } }
                    group.addTask {
                        _ = try await finds.documents(where: "key", equals: "\(number % 50)", in: collection)
                    }
                }
                try await eventually("full") { finds.waiting == 4096 }
                let error = await #expect(throws: MongoError.self) {
                    _ = try await finds.documents(where: "key", equals: "2", in: collection)
                }
                #expect(error?.code == .queueFull)
                gate.open()
                try await group.waitForAll()
            }
        }
        #expect(finds.waiting == 0)
    }

    @Test("go on for the others when who does the find is cancelled")
    func cancelling() async throws {
        let cancelled = ["a", "b", "c"]
        let started = Counter()
        let finds = GroupedFinds { _, _, values in
            // Finds that one of those who are cancelled shares last until whoever does them is.
            guard !Set(cancelled).isDisjoint(with: values) else { return Self.documents(values) }
            started.add()
            try await Task.sleep(for: .seconds(600))
            return []
        }
        try await withCollection { collection in
            var leaders: [Task<[BSONDocument], any Error>] = []
            defer { for leader in leaders { leader.cancel() } }
            for (count, value) in zip(1..., cancelled) {
                leaders.append(Task { try await finds.documents(where: "key", equals: value, in: collection) })
                try await eventually("under way, the last waits") {
                    started.value == min(count, 2) && finds.waiting == max(count - 2, 0)
                }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 10..<20 {
                    group.addTask {
                        let value = "\(number)"
                        let found = try await finds.documents(where: "key", equals: value, in: collection)
                        #expect(found == Self.documents([value]))
                    }
                }
                try await eventually("waiting") { finds.waiting == 11 }
                // One of the first two hands over to the third, who takes the others along, and is cancelled, too.
                for leader in leaders { leader.cancel() }
                try await group.waitForAll()
            }
            for leader in leaders { _ = await leader.result }
        }
        #expect(finds.waiting == 0)
    }

    @Test("ask for values that are equivalent to Swift each by itself, and give each what it has")
    func equivalentValues() async throws {
        let gates = [Gate(), Gate()]
        let asked = Mutex<[[String]]>([])
        let finds = GroupedFinds { _, _, values in
            let number = asked.withLock { asked in
                asked.append(values)
                return asked.count
            }
            if number <= gates.count { await gates[number - 1].pass() }
            return values.filter { $0.utf8.count == 1 }.map { ["key": .string($0)] }
        }
        try await withCollection { collection in
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { for gate in gates { gate.open() } }
                for _ in 0..<2 {
                    group.addTask { _ = try await finds.documents(where: "key", equals: "x", in: collection) }
                }
                try await eventually("two are under way") { asked.withLock { $0.count } == 2 }
                group.addTask {
                    let found = try await finds.documents(where: "key", equals: "K", in: collection)
                    #expect(found.count == 1)
                }
                group.addTask {
                    let found = try await finds.documents(where: "key", equals: "\u{212A}", in: collection)
                    #expect(found.isEmpty)
                }
                try await eventually("the others wait") { finds.waiting == 2 }
                // One of them does the next find for both.
                gates[0].open()
                try await eventually("found") { asked.withLock { $0.count } == 3 }
                gates[1].open()
                try await group.waitForAll()
            }
        }
        #expect(asked.withLock { $0.last?.count } == 2)
    }
}
