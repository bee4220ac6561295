// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import TestSupport
import Testing

@Suite("A command handler", .timeLimit(.minutes(1)))
struct CommandHandlerTests {
    private typealias Handler = CommandHandler<BadgeDecider>

    private let store = ForgetfulStore()

    private func withHandler(_ body: (Handler) async throws -> Void) async throws {
        try await withRelay(store, SwitchedBroker()) { outbox in
            // The first command must not meet a relay that is still about to register.
            _ = try await append(.count(makeStream(), 1, adding: 1), to: outbox)
            try await body(CommandHandler(store: store, outbox: outbox))
        }
    }

    private func context(
        expecting versions: Set<Int64>? = nil, key: String? = nil, payload: String = "p", at time: Timestamp = .now()
    ) -> CommandContext {
        let idempotency = key.map { IdempotencyKey(scope: "badges", key: $0, fingerprint: payload) }
        return CommandContext(
            time: time, metadata: EventMetadata(correlationID: "test", idempotency: idempotency),
            expectedVersions: versions)
    }

    private func issue(_ name: String, _ handler: Handler) async throws -> CommandOutcome<BadgeDecider.State> {
        try await handler.handle(.issue(name), on: .new(makeStream()), context: context())
    }

    private func holder(_ name: String) -> CommandTarget { .holder(of: BadgeDecider.claim(name)) }

    @Test("appends one event at the next version and says where that left the entity")
    func versions() async throws {
        try await withHandler { handler in
            let issued = try await issue("a", handler)
            #expect(issued.version == 1)
            let renamed = try await handler.handle(.rename("b"), on: holder("a"), context: context())
            #expect(renamed.stream == issued.stream)
            #expect(renamed.version == 2)
            #expect(renamed.state == .named("b"))
            #expect(
                await store.read(issued.stream, after: 0, limit: 10).map(\.type) == ["badge.issued", "badge.renamed"])
        }
    }

    @Test("appends nothing when nothing changes, or when the decider refuses")
    func nothing() async throws {
        try await withHandler { handler in
            let issued = try await issue("a", handler)
            let same = try await handler.handle(.rename("a"), on: holder("a"), context: context())
            #expect(same.event == nil)
            #expect(same.version == 1)
            await #expect(throws: BadgeDecider.Rejection.noSuchBadge) {
                try await handler.handle(.rename("x"), on: holder("nobody"), context: context())
            }
            #expect(await store.read(issued.stream, after: 0, limit: 10).count == 1)
        }
    }

    @Test("appends all events of a command at once, in sequence, and answers with the last")
    func several() async throws {
        try await withHandler { handler in
            let issued = try await issue("a", handler)
            let renamed = try await handler.handle(
                .renameAll(["b", "c", "d"]), on: holder("a"), context: context(key: "1"))
            let events = await store.read(issued.stream, after: 1, limit: 10)
            #expect(events.map(\.version) == [2, 3, 4])
            #expect(events.map(\.data) == ["b", "c", "d"].map { BadgeEvent.renamed($0).encoded() })
            #expect(renamed.event == events.last)
            #expect(renamed.version == 4)
            #expect(renamed.state == .named("d"))
            let again = try await handler.handle(
                .renameAll(["b", "c", "d"]), on: holder("a"), context: context(key: "1"))
            #expect(again.event == renamed.event)
            #expect(again.state == .named("d"))
        }
    }

    @Test("claims for a command of several events what the last of them leaves, and nothing in between")
    func severalClaims() async throws {
        try await withHandler { handler in
            _ = try await issue("a", handler)
            _ = try await issue("x", handler)
            // Somebody has the name in between.
            _ = try await handler.handle(.renameAll(["x", "b"]), on: holder("a"), context: context())
            #expect(await store.holder(of: BadgeDecider.claim("a")) == nil)
            await #expect(throws: BadgeDecider.Rejection.nameTaken) {
                try await handler.handle(.renameAll(["c", "x"]), on: holder("b"), context: context())
            }
            #expect(await store.holder(of: BadgeDecider.claim("c")) == nil)
            #expect(await store.holder(of: BadgeDecider.claim("b"))?.version == 3)
        }
    }

    @Test("moves a claim with a change, frees it at the end, and lets nobody else have it in between")
    func claims() async throws {
        try await withHandler { handler in
            _ = try await issue("a", handler)
            await #expect(throws: BadgeDecider.Rejection.nameTaken) { try await issue("a", handler) }
            _ = try await handler.handle(.rename("b"), on: holder("a"), context: context())
            let second = try await issue("a", handler)
            await #expect(throws: BadgeDecider.Rejection.nameTaken) {
                try await handler.handle(.rename("b"), on: holder("a"), context: context())
            }
            _ = try await handler.handle(.revoke, on: holder("b"), context: context())
            #expect(try await handler.handle(.rename("b"), on: holder("a"), context: context()).stream == second.stream)
        }
    }

    @Test("takes back a name that it gave up")
    func thereAndBack() async throws {
        try await withHandler { handler in
            let issued = try await issue("a", handler)
            for name in ["b", "a", "b", "a"] {
                let present = try #require(await store.read(issued.stream, after: 0, limit: 10).last)
                guard case .issued(let old) = try BadgeEvent.decode(present) else {
                    guard case .renamed(let old) = try BadgeEvent.decode(present) else { continue }
                    _ = try await handler.handle(.rename(name), on: holder(old), context: context())
                    continue
                }
                _ = try await handler.handle(.rename(name), on: holder(old), context: context())
            }
            #expect(await store.read(issued.stream, after: 0, limit: 10).count == 5)
        }
    }

    @Test("frees a claim that a crash kept from being released, for others and for its own stream")
    func staleClaims() async throws {
        try await withHandler { handler in
            let first = try await issue("a", handler)
            store.failReleases(true)
            _ = try await handler.handle(.rename("b"), on: holder("a"), context: context())
            #expect(await store.holder(of: BadgeDecider.claim("a"))?.stream == first.stream)
            await #expect(throws: BadgeDecider.Rejection.noSuchBadge) {
                try await handler.handle(.revoke, on: holder("a"), context: context())
            }
            store.failReleases(false)
            let back = try await handler.handle(.rename("a"), on: holder("b"), context: context())
            #expect(back.version == 3)
            #expect(try await issue("b", handler).version == 1)
        }
    }

    @Test("refuses a command that had another version in mind, and accepts any of several")
    func expectedVersions() async throws {
        try await withHandler { handler in
            _ = try await issue("a", handler)
            await #expect(throws: CommandRefusal.versionMismatch(current: 1)) {
                try await handler.handle(.rename("b"), on: holder("a"), context: context(expecting: [2]))
            }
            #expect(
                try await handler.handle(.rename("b"), on: holder("a"), context: context(expecting: [1, 7])).version
                    == 2)
        }
    }

    @Test("carries out every one of many commands that race for one entity, each on the state the one before left")
    func races() async throws {
        try await withHandler { handler in
            let issued = try await issue("start", handler)
            let stream = issued.stream
            let claims = (0..<32).map { "n\($0)" }
            // Each renames whatever the badge is called then.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for name in claims {
                    group.addTask {
                        try await eventually("renamed") {
                            let events = await store.read(stream, after: 0, limit: 100)
                            guard let last = events.last else { return false }
                            let present: String
                            switch try BadgeEvent.decode(last) {
                            case .issued(let name), .renamed(let name): present = name
                            case .revoked: return false
                            }
                            do {
                                _ = try await handler.handle(.rename(name), on: holder(present), context: context())
                                return true
                            } catch BadgeDecider.Rejection.noSuchBadge {
                                return false
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let events = await store.read(stream, after: 0, limit: 100)
            #expect(events.map(\.version) == Array(1...33))
        }
    }

    // MARK: Targets

    @Test("finds an entity by its stream, and refuses a command for one that does not exist")
    func existing() async throws {
        try await withHandler { handler in
            let issued = try await issue("a", handler)
            let renamed = try await handler.handle(.rename("b"), on: .existing(issued.stream), context: context())
            #expect(renamed.version == 2)
            await #expect(throws: BadgeDecider.Rejection.noSuchBadge) {
                try await handler.handle(.rename("c"), on: .existing(makeStream()), context: context())
            }
            await #expect(throws: CommandRefusal.noSuchEntity) {
                try await handler.handle(.issue("c"), on: .existing(makeStream()), context: context())
            }
            #expect(await store.holder(of: BadgeDecider.claim("c")) == nil)
        }
    }

    @Test("decides on what there is when what should be new exists")
    func notNew() async throws {
        let stream = try #require(StreamID(category: "badge", key: "of.the-day"))
        try await withHandler { handler in
            _ = try await handler.handle(.issue("a"), on: .new(stream), context: context())
            await #expect(throws: BadgeDecider.Rejection.noSuchBadge) {
                try await handler.handle(.issue("b"), on: .new(stream), context: context())
            }
            #expect(await store.read(stream, after: 0, limit: 10).count == 1)
        }
    }

    @Test("has commands for one entity wait in one line, whichever way they name it")
    func oneLine() async throws {
        try await withHandler { handler in
            let issued = try await issue("a", handler)
            let gate = Gate()
            store.hold(at: gate)
            let begun = store.begun.value
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    let target = number.isMultiple(of: 2) ? holder("a") : .existing(issued.stream)
                    // Each leaves the badge its name.
                    group.addTask {
                        _ = try await handler.handle(.renameAll(["n\(number)", "a"]), on: target, context: context())
                    }
                }
                try await eventually("one at work") { store.begun.value == begun + 1 }
                gate.open()
                try await group.waitForAll()
            }
            #expect(store.conflicts.value == 0)
            #expect(await store.read(issued.stream, after: 0, limit: 100).count == 41)
        }
    }

    @Test("refuses a command that waited in line for a name which was given up meanwhile")
    func givenUpInLine() async throws {
        try await withHandler { handler in
            _ = try await issue("a", handler)
            let gate = Gate()
            store.hold(at: gate)
            let begun = store.begun.value
            async let first = handler.handle(.rename("b"), on: holder("a"), context: context())
            try await eventually("under way") { store.begun.value == begun + 1 }
            async let second = handler.handle(.rename("c"), on: holder("a"), context: context())
            gate.open()
            #expect(try await first.version == 2)
            do {
                _ = try await second
                Issue.record("accepted")
            } catch BadgeDecider.Rejection.noSuchBadge {}
            #expect(await store.holder(of: BadgeDecider.claim("c")) == nil)
        }
    }

    // MARK: Idempotency

    @Test("answers a repeat with the same key as it answered the first, whatever has happened since")
    func replay() async throws {
        try await withHandler { handler in
            let first = try await handler.handle(.issue("a"), on: .new(makeStream()), context: context(key: "1"))
            let repeated = try await handler.handle(.issue("a"), on: .new(makeStream()), context: context(key: "1"))
            #expect(repeated.stream == first.stream)
            #expect(repeated.event == first.event)
            let renamed = try await handler.handle(
                .rename("b"), on: holder("a"), context: context(expecting: [1], key: "2"))
            _ = try await handler.handle(.rename("c"), on: holder("b"), context: context())
            let again = try await handler.handle(
                .rename("b"), on: holder("a"), context: context(expecting: [1], key: "2"))
            #expect(again.event == renamed.event)
            #expect(again.version == 2)
            #expect(again.state == .named("b"))
            let revoked = try await handler.handle(.revoke, on: holder("c"), context: context(key: "3"))
            #expect(
                try await handler.handle(.revoke, on: holder("c"), context: context(key: "3")).event == revoked.event)
            #expect(await store.read(first.stream, after: 0, limit: 10).count == 4)
        }
    }

    @Test("appends one event for one key, however many repeats come at once")
    func concurrentRepeats() async throws {
        try await withHandler { handler in
            let outcomes = try await withThrowingTaskGroup(of: CommandOutcome<BadgeDecider.State>.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await handler.handle(.issue("a"), on: .new(makeStream()), context: context(key: "1"))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(outcomes.compactMap(\.event?.id)).count == 1)
        }
    }

    @Test("refuses a key that came with another payload, also when that would have been refused anyway")
    func reuse() async throws {
        try await withHandler { handler in
            _ = try await handler.handle(.issue("a"), on: .new(makeStream()), context: context(key: "1"))
            await #expect(throws: CommandRefusal.idempotencyKeyReused) {
                try await handler.handle(.issue("b"), on: .new(makeStream()), context: context(key: "1", payload: "q"))
            }
            await #expect(throws: CommandRefusal.idempotencyKeyReused) {
                try await handler.handle(.issue("a"), on: .new(makeStream()), context: context(key: "1", payload: "q"))
            }
            #expect(await store.holder(of: BadgeDecider.claim("b")) == nil)
        }
    }

    @Test("forgets a key after its time")
    func expiry() async throws {
        try await withHandler { handler in
            let past = Timestamp(millisecondsSinceEpoch: Timestamp.now().millisecondsSinceEpoch - 25 * 3_600_000)
            let first = try await handler.handle(
                .issue("a"), on: .new(makeStream()), context: context(key: "1", at: past))
            let second = try await handler.handle(
                .issue("b"), on: .new(makeStream()), context: context(key: "1", payload: "q"))
            #expect(second.stream != first.stream)
            #expect(await store.holder(of: BadgeDecider.claim("a")) != nil)
        }
    }

    @Test("tells a repeat what came of an append whose answer was lost")
    func lostAnswer() async throws {
        try await withHandler { handler in
            store.answer(.lostAfterAppend)
            await #expect(throws: AppendOutcomeUnknown.self) {
                try await handler.handle(.issue("a"), on: .new(makeStream()), context: context(key: "1"))
            }
            store.answer(.given)
            let repeated = try await handler.handle(.issue("a"), on: .new(makeStream()), context: context(key: "1"))
            #expect(repeated.version == 1)
            #expect(await store.readAll("count", after: nil, limit: 10).count { $0.stream == repeated.stream } == 1)
            #expect(await store.readAll("count", after: nil, limit: 10).count == 2)
        }
    }

    // MARK: Answers without an event

    @Test("gives a command that changed nothing its first answer again, whatever has happened since")
    func unchangedReplay() async throws {
        try await withHandler { handler in
            let issued = try await issue("a", handler)
            let first = try await handler.handle(.rename("a"), on: holder("a"), context: context(key: "1"))
            #expect(first.event == nil)
            _ = try await handler.handle(.rename("b"), on: holder("a"), context: context())
            _ = try await issue("a", handler)
            _ = try await handler.handle(.revoke, on: holder("b"), context: context())
            let again = try await handler.handle(.rename("a"), on: holder("a"), context: context(key: "1"))
            #expect(again.event == nil)
            #expect(again.stream == issued.stream)
            #expect(again.version == 1)
            #expect(again.state == .named("a"))
            #expect(await store.read(issued.stream, after: 0, limit: 10).count == 3)
        }
    }

    @Test("refuses the key of a command that changed nothing for another payload")
    func unchangedReuse() async throws {
        try await withHandler { handler in
            _ = try await issue("a", handler)
            _ = try await handler.handle(.rename("a"), on: holder("a"), context: context(key: "1"))
            await #expect(throws: CommandRefusal.idempotencyKeyReused) {
                try await handler.handle(.rename("b"), on: holder("a"), context: context(key: "1", payload: "q"))
            }
        }
    }

    @Test("carries out one of many commands with one key, whether that changes something or not")
    func unchangedRaces() async throws {
        try await withHandler { handler in
            let issued = try await issue("a", handler)
            let outcomes = try await withThrowingTaskGroup(of: CommandOutcome<BadgeDecider.State>.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        // Half of them would change nothing, if they came first.
                        try await handler.handle(
                            .rename(number.isMultiple(of: 2) ? "a" : "b"), on: holder("a"), context: context(key: "1"))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(outcomes.map(\.version)).count == 1)
            #expect(Set(outcomes.map { $0.event?.id }).count == 1)
            #expect(await store.read(issued.stream, after: 0, limit: 10).count == Int(outcomes[0].version))
        }
    }

    @Test("forgets the key of a command that changed nothing after its time")
    func unchangedExpiry() async throws {
        try await withHandler { handler in
            _ = try await issue("a", handler)
            let past = Timestamp(millisecondsSinceEpoch: Timestamp.now().millisecondsSinceEpoch - 25 * 3_600_000)
            _ = try await handler.handle(.rename("a"), on: holder("a"), context: context(key: "1", at: past))
            let renamed = try await handler.handle(
                .rename("b"), on: holder("a"), context: context(key: "1", payload: "q"))
            #expect(renamed.version == 2)
        }
    }

    // MARK: Clocks

    @Test("records an event no earlier than the one before it, whatever the clock says")
    func clocks() async throws {
        try await withHandler { handler in
            let ahead = Timestamp(millisecondsSinceEpoch: Timestamp.now().millisecondsSinceEpoch + 3_600_000)
            let issued = try await handler.handle(.issue("a"), on: .new(makeStream()), context: context(at: ahead))
            let renamed = try await handler.handle(.rename("b"), on: holder("a"), context: context())
            let event = try #require(renamed.event)
            #expect(event.recordedAt == ahead)
            #expect(event.id.time == ahead)
            #expect(try #require(issued.event).recordedAt == ahead)
        }
    }
}
