// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import Synchronization
import TestSupport
import Testing

extension SystemTests {
    @Suite("Reading one's own writes", .serialized, .timeLimit(.minutes(5)))
    struct ReadYourWritesTests {
        /// `READ_YOUR_WRITES_COUNT` for a longer run.
        static let count =
            ProcessInfo.processInfo.environment["READ_YOUR_WRITES_COUNT"].flatMap { Int($0) } ?? 1000

        /// How often the feed is cut. `FEED_CUTS` for a longer run, with 5 s between two.
        static let cuts = ProcessInfo.processInfo.environment["FEED_CUTS"].flatMap { Int($0) } ?? 4

        @Test("the Location of each registration answers at once with that user, and so does the address alone")
        func following() async throws {
            try await TestSystem.run { system, _ in
                let plainWaits = Collected<Duration>()
                try await inParallel(8, count: Self.count) { number in
                    let email = "user\(number)@plain.example.org"
                    let accepted = try Accepted(try await system.post(email: email))
                    let start = ContinuousClock.now
                    // Never 404: the event store knows whom the read model does not have yet.
                    let found = try await HTTP.get("\(system.queryAPI.url)/users/\(email)")
                    plainWaits.add(.now - start)
                    #expect(found.status == 200)
                    #expect(found.body.contains(accepted.id))
                }
                print("from a registration's answer to the user,", summary(of: plainWaits.all))
                let waits = Collected<Duration>()
                try await inParallel(8, count: Self.count) { number in
                    let posted = try await system.post(name: "User \(number)", email: "user\(number)@own.example.org")
                    let accepted = try Accepted(posted)
                    let location = try #require(posted.header("location"))
                    let start = ContinuousClock.now
                    let found = try await HTTP.send("GET", location, headers: [("Prefer", "wait=25")])
                    waits.add(.now - start)
                    #expect(found.status == 200)
                    let user = try JSONDecoder().decode(ReadUser.self, from: Data(found.body.utf8))
                    #expect(user.id == accepted.id)
                    #expect(user.version == 1)
                    #expect(user.name == "User \(number)")
                }
                #expect(waits.all.count == Self.count)
                print("from Location to its answer,", summary(of: waits.all))
            }
        }

        @Test("nobody sees an older version than before or promised, though the feed is cut again and again")
        func neverBack() async throws {
            try await TestSystem.run { system, services in
                let database = try TCPProxy(target: UInt16(system.database.port))
                let broker = try TCPProxy(target: UInt16(system.broker.port))
                _ = try await services.terminate(system.queryAPI)
                try await services.start(
                    system.queryAPI,
                    [
                        "MONGODB_URI": "mongodb://127.0.0.1:\(database.port)/?directConnection=true",
                        "AMQP_URL": "amqp://query-api:query-api@127.0.0.1:\(broker.port)/%2F",
                    ])
                let clients = Clients(system: system)
                try await inParallel(8, count: Clients.count) { try await clients.register($0) }
                let stop = Flag()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 {
                        group.addTask {
                            while !stop.isSet { try await clients.change(Int.random(in: 0..<Clients.count)) }
                        }
                    }
                    for _ in 0..<8 {
                        group.addTask {
                            while !stop.isSet { try await clients.read(Int.random(in: 0..<Clients.count)) }
                        }
                    }
                    group.addTask {
                        defer { stop.set() }
                        for round in 0..<Self.cuts {
                            // As often as asked for: the pause is what a longer run is about.
                            if round > 0, Self.cuts > 4 { try await Task.sleep(for: .seconds(5)) }
                            let before = clients.reads.value
                            try await eventually("reads", within: .seconds(60)) { clients.reads.value > before + 300 }
                            // A moment's cut, or a silence that the cache has to notice by itself.
                            if round.isMultiple(of: 2) {
                                database.cut()
                                broker.cut()
                            } else {
                                broker.setStalled(true)
                                try await eventually("broken", within: .seconds(60)) {
                                    try await !system.isFollowing()
                                }
                                let before = clients.reads.value
                                try await eventually("reads meanwhile") { clients.reads.value > before + 100 }
                                broker.setStalled(false)
                            }
                            try await eventually("following again", within: .seconds(60)) {
                                try await system.isFollowing()
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(clients.stepsBack.all == [])
                #expect(clients.changes.value > 100)
                let metrics = try await HTTP.get("\(system.queryAPI.url)/metrics").body
                for name in ["hits", "bypasses"] {
                    #expect(metrics.contains(try Regex("(?m)^cqrs_near_cache_\(name)_total\\{[^}]*\\} [1-9]")))
                }
                print(
                    "reads \(clients.reads.value), changes \(clients.changes.value), refused \(clients.refused.value)")
                database.close()
                broker.close()
            }
        }
    }
}

private func summary(of waits: [Duration]) -> String {
    let sorted = waits.sorted()
    return "\(sorted.count) times: p50 \(sorted[sorted.count / 2]), p99 \(sorted[sorted.count * 99 / 100]), "
        + "longest \(sorted[sorted.count - 1])"
}

extension TestSystem {
    /// Whether the query API's cache follows the read model.
    fileprivate func isFollowing() async throws -> Bool {
        let metrics = try await HTTP.get("\(queryAPI.url)/metrics").body
        return metrics.contains(try Regex("(?m)^cqrs_near_cache_following\\{[^}]*\\} 1"))
    }
}

/// Clients that note the version of each user they have seen or were promised, and look whether one ever sees less.
private final class Clients: Sendable {
    static let count = 100

    let reads = Counter()
    let changes = Counter()
    let refused = Counter()
    let stepsBack = Collected<String>()
    private let system: TestSystem
    private let versions = Mutex<[Int]>(Array(repeating: 0, count: count))
    private let locations = Mutex<[String]>(Array(repeating: "", count: count))

    init(system: TestSystem) { self.system = system }

    func register(_ number: Int) async throws {
        let answer = try await system.post(email: email(number))
        guard answer.status == 202, let location = answer.header("location") else { throw UnexpectedAnswer(answer) }
        locations.withLock { $0[number] = location }
    }

    /// Changes a user's name, then reads what was promised.
    func change(_ number: Int) async throws {
        let answer = try await HTTP.send(
            "PATCH", "\(system.commandAPI.url)/users/\(email(number))", json: #"{"name":"N\#(UUID().uuidString)"}"#)
        guard answer.status == 202, let location = answer.header("location") else {
            // Two changes of one user race: one of them may be told to come again.
            guard [409, 503].contains(answer.status) else { throw UnexpectedAnswer(answer) }
            return
        }
        changes.add()
        locations.withLock { $0[number] = location }
        let promised = try Accepted(answer).version
        try await look(location, number, atLeast: promised)
    }

    /// Reads a user, mostly without asking for a version.
    func read(_ number: Int) async throws {
        if Int.random(in: 0..<10) == 0 {
            let location = locations.withLock { $0[number] }
            let promised = location.firstMatch(of: /minVersion=(\d+)/).flatMap { Int($0.1) } ?? 0
            try await look(location, number, atLeast: promised)
        } else {
            try await look("\(system.queryAPI.url)/users/\(email(number))", number, atLeast: 0)
        }
    }

    private func look(_ url: String, _ number: Int, atLeast promised: Int) async throws {
        // What anybody had seen when this began: nobody may see less afterwards.
        let seen = versions.withLock { $0[number] }
        let answer = try await HTTP.send("GET", url, headers: [("Prefer", "wait=5")])
        reads.add()
        switch answer.status {
        case 200:
            let version = try JSONDecoder().decode(ReadUser.self, from: Data(answer.body.utf8)).version
            if version < max(seen, promised) {
                stepsBack.add(
                    "user \(number): \(version) after \(seen), promised \(promised): \(answer.header("cache-status") ?? "")"
                )
            }
            versions.withLock { $0[number] = max($0[number], version) }
        case 503: refused.add()
        // Not there yet, before anybody has seen it.
        case 404 where seen == 0 && promised == 0: break
        default: stepsBack.add("user \(number): \(answer.status) after \(seen), promised \(promised)")
        }
    }

    private func email(_ number: Int) -> String { "user\(number)@back.example.org" }
}

private struct ReadUser: Decodable {
    let id: String
    let name: String
    let version: Int
}
