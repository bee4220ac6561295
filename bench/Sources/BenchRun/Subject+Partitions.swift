// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import BenchKit
import Foundation
import Synchronization

extension Subject {
    /// How fast consumers take what waits for them, from one queue and from partitions; and as many command APIs the commands.
    static let partitions = Subject(name: "partitions", needsSystem: true) { system, settings in
        // Consumers that are frozen for a while stay connected.
        try system.with(["AMQP_HEARTBEAT_MS": "60000"]) {
            defer { try? system.partition(into: 0) }
            return try [0, 4].flatMap { partitions in
                try system.partition(into: partitions)
                return try [1, 2, 4].flatMap { try system.catchUp(Crew(members: $0, partitions: partitions), settings) }
            }
        }
    }

    /// So many consumers, and as many command APIs.
    struct Crew {
        let members: Int
        let partitions: Int

        /// The most partitions of one consumer.
        var share: Int { (partitions + members - 1) / members }
    }
}

extension SystemUnderTest {
    fileprivate func partition(into count: Int) throws {
        _ = try consumer("partition", "users", "--into", "\(count)", within: 120)
    }

    /// Lets registrations pile up before frozen consumers, and measures how fast these take them once they go on.
    fileprivate func catchUp(_ crew: Subject.Crew, _ settings: Settings) throws -> [Reading] {
        try with(crew.members, .consumer) { consumers in
            try with(crew.members, .commandAPI) { commandAPIs in
                func applied() -> Int { consumers.sum("cqrs_projection_events_applied_total") }
                // A trickle, until every consumer has its share.
                try waitUntil("the consumers to share partitions") {
                    let before = applied()
                    let users = try register(400, through: commandAPIs, settings).users
                    try waitUntil("the users to be applied") { applied() >= before + users }
                    let taken = consumers.map { $0.counter("cqrs_projection_partitions") }
                    return taken.reduce(0, +) == crew.partitions && taken.allSatisfy { $0 <= crew.share }
                }
                let (published, end) = (commandAPIs.sum("cqrs_relay_published_total"), applied())
                consumers.forEach { $0.pause() }
                defer { consumers.forEach { $0.resume() } }
                let (users, rate) = try register(settings.burst * 2, through: commandAPIs, settings)
                try waitUntil("all events to be published") {
                    commandAPIs.sum("cqrs_relay_published_total") >= published + users
                }
                let observation = Observation(processes)
                let start = ContinuousClock.now
                consumers.forEach { $0.resume() }
                try waitUntil("the consumers to catch up", every: 0.05) { applied() >= end + users }
                let seconds = (ContinuousClock.now - start) / .seconds(1)
                let busy = observation.seconds().filter { !$0.name.hasSuffix("api") && !$0.name.contains("api ") }
                return [
                    Reading(.accepted(crew), rate), Reading(.caughtUp(crew), Double(users) / seconds),
                    Reading(.cpuOfCatchUp(crew), busy.reduce(0) { $0 + $1.seconds } / Double(users) * 1e6),
                ]
            }
        }
    }

    /// Registers users through several command APIs at once.
    ///
    /// - Returns: how many, and how many a second.
    private func register(
        _ count: Int, through commandAPIs: [Service], _ settings: Settings
    ) throws -> (users: Int, rate: Double) {
        let loads = commandAPIs.map { (port: $0.port, prefix: freshPrefix()) }
        let users = count / loads.count
        let results = Mutex<[Result<LoadReport, any Error>]>([])
        let start = ContinuousClock.now
        DispatchQueue.concurrentPerform(iterations: loads.count) { [place] index in
            let result = Result {
                try place.load(
                    "closed", "post",
                    options: [
                        "prefix": loads[index].prefix, "port": loads[index].port,
                        "connections": settings.connections / loads.count, "count": users,
                    ])
            }
            results.withLock { $0.append(result) }
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let done = try results.withLock { try $0.map { try $0.get().succeeded } }.reduce(0, +)
        return (done, Double(done) / seconds)
    }
}

extension [Service] {
    fileprivate func sum(_ counter: String) -> Int { reduce(0) { $0 + $1.counter(counter) } }
}

extension Metric {
    /// Of the same with one consumer and one queue.
    private static func crew(_ what: String, _ unit: Unit, _ crew: Subject.Crew) -> Metric {
        let name = "\(what), consumers: \(crew.members), partitions: \(crew.partitions)"
        guard crew.members > 1 || crew.partitions > 0 else { return Metric(name, unit) }
        return Metric(name, unit, of: self.crew(what, unit, Subject.Crew(members: 1, partitions: 0)))
    }
    static func accepted(_ crew: Subject.Crew) -> Metric { self.crew("accepted by as many APIs", .perSecond, crew) }
    static func caughtUp(_ crew: Subject.Crew) -> Metric { self.crew("catch-up", .perSecond, crew) }
    static func cpuOfCatchUp(_ crew: Subject.Crew) -> Metric { self.crew("CPU per event", .microseconds, crew) }
}
