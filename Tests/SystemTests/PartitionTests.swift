// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTestSupport
import TestSupport
import Testing

extension SystemTests {
    @Suite("With partitions", .serialized, .timeLimit(.minutes(5)))
    struct PartitionTests {
        @Test("consumers share them, take streams in order, and keep every promise when one is killed or they change")
        func shared() async throws {
            try await TestSystem.run(consumers: 3) { system, services in
                try await expect("partitions: 4", system, into: 4)
                let load = try await PartitionLoad(system)
                try await load.running {
                    try await load.expectShared(by: system.consumers, of: 4)
                    // What was under way while they shared is done with when all who were told to wait have gone on.
                    try await load.expectProgress(2000)
                    let before = try await disorder(system)
                    try await load.expectProgress(3000)
                    #expect(try await disorder(system) == before)

                    try await services.kill(system.consumers[1])
                    try await load.expectProgress(1000)
                    try await load.expectShared(by: [system.consumers[0], system.consumers[2]], of: 4)
                    try await services.start(system.consumers[1])
                    try await expect("partitions: 2", system, into: 2)
                    try await load.expectProgress(1000)
                    try await load.expectShared(by: system.consumers, of: 2)
                    try await expect("no partitions: one queue for all consumers", system, into: 0)
                    try await load.expectProgress(1000)
                }
                let audit = try await system.expectPromises(accepted: [])
                #expect(audit.events.count == load.commands)
                #expect(try await !system.depths().keys.contains { $0.contains(/\.p[0-9]+$/) })
            }
        }

        @Test("what the broker loses is applied all the same, and old bindings that come back are removed")
        func losses() async throws {
            try await TestSystem.run(consumers: 2) { system, services in
                try await expect("partitions: 2", system, into: 2)
                #expect(try await system.post(email: "first@example.org").status == 202)
                try await system.waitForUser("first@example.org")
                try await eventually("watching") { try await system.isWatchingForLosses() }
                // A broker that starts imports its definitions: events come both ways then.
                try await system.restoreDefinitions()
                try await eventually("one way again", within: .seconds(30)) {
                    try await !system.hasBinding(from: "domain_events", to: "users.projection")
                }

                for consumer in system.consumers { #expect(try await services.terminate(consumer) == 0) }
                let lost = (0..<200).map { "lost\($0)@example.org" }
                #expect(try await system.postAll(lost).accepted.count == lost.count)
                let parts = ["users.projection.p1", "users.projection.p2"]
                try await eventually("all published") {
                    let depths = try await system.depths()
                    let counts = parts.compactMap { depths[$0] }
                    return counts.allSatisfy { $0 > 0 } && counts.reduce(0, +) == 200
                }
                _ = try await system.broker.rabbitmqctl("-q", "purge_queue", parts[0])
                try await system.deleteQueue(parts[1])
                for consumer in system.consumers { try await services.start(consumer) }
                try await eventually("all readable", within: .seconds(90), every: .milliseconds(250)) {
                    try await system.countReadable(lost) == lost.count
                }
                let last = (0..<20).map { "last\($0)@example.org" }
                #expect(try await system.postAll(last).accepted.count == last.count)
                try await eventually("all readable") { try await system.countReadable(last) == last.count }
                let verified = try await system.verify()
                #expect(verified.status == 0, "\(verified.output)")
                #expect(try await system.depth(of: "users.projection.dead") == 0)
            }
        }

        private func expect(_ line: String, _ system: TestSystem, into count: Int) async throws {
            let done = try await system.operate("partition", "users", "--into", "\(count)")
            #expect(done.status == 0, "\(done.text)")
            let shown = try await system.operate("partition", "users")
            #expect(shown.text.contains(line), "\(shown.text)")
        }

        /// How many events came too early, or again: none where all events of a stream come to one consumer, in order.
        private func disorder(_ system: TestSystem) async throws -> [Double] {
            var counts: [Double] = []
            for consumer in system.consumers {
                for name in ["cqrs_projection_events_healed_total", "cqrs_projection_deliveries_ignored_total"] {
                    counts.append(try await system.metric(name, of: consumer))
                }
            }
            return counts
        }
    }
}

/// Commands for a few users, one after the other for each: whoever does not take them in order notices.
private final class PartitionLoad: Sendable {
    private let system: TestSystem
    private let users: [String]
    private let accepted = Counter()
    private let stop = Flag()

    init(_ system: TestSystem) async throws {
        self.system = system
        users = (0..<24).map { "user\($0)@example.org" }
        #expect(try await system.postAll(users).accepted.count == users.count)
    }

    /// All that were accepted.
    var commands: Int { users.count + accepted.value }

    func running(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, user) in users.enumerated() {
                group.addTask { [self] in
                    var number = index
                    while !stop.isSet {
                        number += 1
                        let url = "\(system.commandAPI.url)/users/\(user)"
                        let answer = try await HTTP.send("PATCH", url, json: #"{"name":"Name \#(number)"}"#)
                        guard answer.status == 202 else { throw UnexpectedAnswer(answer) }
                        accepted.add()
                    }
                }
            }
            defer { stop.set() }
            try await body()
            stop.set()
            try await group.waitForAll()
        }
    }

    /// Waits until so many further commands are accepted and applied.
    func expectProgress(_ count: Int) async throws {
        let end = commands + count
        try await eventually("further commands", within: .seconds(90)) { self.commands >= end }
        try await eventually("further events applied", within: .seconds(30)) {
            try await self.system.lastVersions(in: "users") >= end
        }
    }

    /// Waits until these consumers have all partitions, and none of them more than its share.
    func expectShared(by consumers: [TestService], of partitions: Int) async throws {
        let share = Double((partitions + consumers.count - 1) / consumers.count)
        try await eventually("\(partitions) partitions shared by \(consumers.count)", within: .seconds(60)) {
            var taken: [Double] = []
            for consumer in consumers {
                taken.append(try await self.system.metric("cqrs_projection_partitions", of: consumer))
            }
            return taken.reduce(0, +) == Double(partitions) && taken.allSatisfy { $0 <= share }
        }
    }
}
