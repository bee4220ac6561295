// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import Synchronization
import TestSupport
import Testing

extension SystemTests {
    @Suite("Near caches that are told of changes", .serialized, .timeLimit(.minutes(20)))
    struct NoticeTests {
        /// How often the consumer is killed. `NOTICE_KILLS` for a longer run.
        static let kills = ProcessInfo.processInfo.environment["NOTICE_KILLS"].flatMap { Int($0) } ?? 8

        @Test(
            "none stays behind and none goes back, wherever the consumer is killed and whenever the broker is cut off")
        func killed() async throws {
            let wires = Wires()
            try await TestSystem.run(wires: wires.lay) { system, services in
                let second = system.queryAPI.with(arguments: ["run"], name: "query-api-2")
                try await services.start(second)
                let readers = Readers(system: system, caches: [system.queryAPI, second])
                try await inParallel(8, count: Readers.count) { try await readers.register($0) }
                try await eventually("all read") { try await readers.missing().isEmpty }
                let behind = Collected<Duration>()
                do {
                    for round in 0..<Self.kills {
                        try await self.round(round, readers, system, services, wires)
                        behind.add(try await readers.catchUp())
                    }
                } catch {
                    try await services.kill(second)
                    throw error
                }
                #expect(readers.stepsBack.all == [])
                let hits = try await readers.hits()
                #expect(hits.allSatisfy { $0 > 0 }, "answers from memory: \(hits)")
                print(
                    "killed \(Self.kills) times: \(readers.reads.value) reads, \(hits) from memory, "
                        + "\(readers.changes.value) changes; behind for at most \(behind.all.max() ?? .zero)")
                try await services.kill(second)
            }
        }

        /// Changes and reads while the consumer ends at one of its steps; ends with another consumer at work.
        private func round(
            _ round: Int, _ readers: Readers, _ system: TestSystem, _ services: Services, _ wires: Wires
        ) async throws {
            let steps = ["written", "told", "acknowledged", nil]
            let step = steps[round % steps.count]
            #expect(try await services.terminate(system.consumer) == 0)
            try await services.start(
                system.consumer, step.map { ["CRASH_AFTER": "\($0):\(Int.random(in: 1...20))"] } ?? [:])
            let stop = Flag()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        while !stop.isSet { try await readers.change(Int.random(in: 0..<Readers.count)) }
                    }
                }
                for _ in 0..<4 {
                    group.addTask { while !stop.isSet { try await readers.read(Int.random(in: 0..<Readers.count)) } }
                }
                group.addTask {
                    defer { stop.set() }
                    let changes = readers.changes.value
                    try await eventually("changes") { readers.changes.value >= changes + 20 }
                    let isCut = (round / steps.count).isMultiple(of: 2) != (round % steps.count < 2)
                    if isCut {
                        wires.broker?.setRefusing(true)
                        wires.broker?.cut()
                    }
                    if step == nil {
                        try await services.kill(system.consumer)
                    } else if !isCut {
                        #expect(try await services.end(of: system.consumer) == 128 + SIGKILL)
                    } else {
                        // Cut off, it may not get there.
                        try await services.kill(system.consumer)
                    }
                    let reads = readers.reads.value
                    try await eventually("reads meanwhile") { readers.reads.value >= reads + 100 }
                    wires.broker?.setRefusing(false)
                    try await services.start(system.consumer)
                }
                try await group.waitForAll()
            }
        }
    }
}

/// Clients of two query services that note the versions they have seen of each user from each of them.
private final class Readers: Sendable {
    static let count = 30

    let reads = Counter()
    let changes = Counter()
    let stepsBack = Collected<String>()
    private let system: TestSystem
    private let caches: [TestService]
    /// For each cache, the version seen last of each user.
    private let seen: Mutex<[[Int]]>
    /// What was answered to the last command of each user.
    private let accepted = Mutex<[Int]>(Array(repeating: 0, count: count))

    init(system: TestSystem, caches: [TestService]) {
        self.system = system
        self.caches = caches
        seen = Mutex(Array(repeating: Array(repeating: 0, count: Self.count), count: caches.count))
    }

    func register(_ number: Int) async throws {
        let answer = try await system.post(email: email(number))
        guard answer.status == 202 else { throw UnexpectedAnswer(answer) }
        accepted.withLock { $0[number] = 1 }
    }

    func change(_ number: Int) async throws {
        let answer = try await HTTP.send(
            "PATCH", "\(system.commandAPI.url)/users/\(email(number))", json: #"{"name":"N\#(UUID().uuidString)"}"#)
        guard answer.status == 202 else {
            guard [409, 503].contains(answer.status) else { throw UnexpectedAnswer(answer) }
            return
        }
        changes.add()
        let version = try Accepted(answer).version
        accepted.withLock { $0[number] = max($0[number], version) }
    }

    /// Reads a user, as anybody does, from one of the caches.
    func read(_ number: Int) async throws {
        let cache = Int.random(in: 0..<caches.count)
        let before = seen.withLock { $0[cache][number] }
        guard let version = try await version(number, in: cache) else { return }
        reads.add()
        if version < before { stepsBack.add("user \(number): \(version) after \(before) from cache \(cache)") }
        seen.withLock { $0[cache][number] = max($0[cache][number], version) }
    }

    /// Waits until the read model has all that was accepted, then until each cache answers so.
    ///
    /// - Returns: how much longer that took.
    func catchUp() async throws -> Duration {
        let expected = accepted.withLock { $0 }
        try await eventually("written", within: .seconds(60)) {
            let users = try await Audit.read(system).users.values
            return expected.indices.allSatisfy { number in
                users.contains { $0.email == email(number) && $0.version >= expected[number] }
            }
        }
        let whole = ContinuousClock.now
        try await eventually("no cache behind", within: .seconds(10), every: .milliseconds(5)) {
            try await missing().isEmpty
        }
        return .now - whole
    }

    /// Users that a cache shows at an older version than was accepted.
    func missing() async throws -> [Int] {
        let expected = accepted.withLock { $0 }
        var missing: [Int] = []
        for cache in caches.indices {
            for number in 0..<Self.count where try await version(number, in: cache) ?? 0 < expected[number] {
                missing.append(number)
            }
        }
        return missing
    }

    /// How many answers each cache has given from memory.
    func hits() async throws -> [Int] {
        var hits: [Int] = []
        for cache in caches {
            let metrics = try await HTTP.get("\(cache.url)/metrics").body
            hits.append(
                metrics.firstMatch(of: /(?m)^cqrs_near_cache_hits_total\{[^}]*\} (\d+)/).flatMap { Int($0.1) } ?? 0)
        }
        return hits
    }

    private func version(_ number: Int, in cache: Int) async throws -> Int? {
        let answer = try await HTTP.get("\(caches[cache].url)/users/\(email(number))")
        // It is not there yet.
        if answer.status == 503 { return nil }
        guard answer.status == 200 else { throw UnexpectedAnswer(answer) }
        return try JSONDecoder().decode(Version.self, from: Data(answer.body.utf8)).version
    }

    private func email(_ number: Int) -> String { "user\(number)@told.example.org" }

    private struct Version: Decodable {
        let version: Int
    }
}
