// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// Carries out commands on one kind of entity: loads its stream, folds it, decides, and appends at the version decided
/// on. A lost race begins anew.
///
/// Nothing is locked in between. The append is refused when the entity has moved on, or when another entity holds a
/// claim that the event needs, so the last word is the store's.
public struct CommandHandler<D: Decider>: Sendable {
    private let store: any EventStore
    private let outbox: Outbox
    private let keyLifetime: Duration
    private let turns = Turns<Claim>()
    private let streamTurns = Turns<StreamID>()
    private let attempts = 32

    /// Handles commands against a store.
    ///
    /// - Parameters:
    ///   - store: where the past is read.
    ///   - outbox: where events are appended.
    ///   - keyLifetime: how long an idempotency key is remembered; then it may be used for something else.
    public init(store: any EventStore, outbox: Outbox, keyLifetime: Duration = .seconds(24 * 3600)) {
        self.store = store
        self.outbox = outbox
        self.keyLifetime = keyLifetime
    }

    /// Carries out one command.
    ///
    /// - Returns: where the entity ended up; the events, if any, are durable. For an idempotency key that was used before,
    ///   what the first use returned.
    /// - Throws: the decider's rejection or ``CommandRefusal``: nothing was appended. ``AppendOutcomeUnknown``: something
    ///   may have been. Errors of the store.
    public func handle(
        _ command: D.Command, on target: CommandTarget, context: CommandContext
    ) async throws -> CommandOutcome<D.State> {
        do {
            return try await inTurn(target) { try await decide(command, target, context) }
        } catch let error where error is D.Rejection || error is CommandRefusal {
            // The refusal may be the consequence of this very command's first attempt.
            if let earlier = try await earlierOutcome(context) { return earlier }
            throw error
        }
    }

    /// Commands for one entity wait for each other here; those of other processes may still get in between.
    private func inTurn<T>(_ target: CommandTarget, _ body: () async throws -> T) async throws -> T {
        switch target {
        case .new: try await body()
        case .existing(let stream): try await streamTurns.withTurn(stream, body)
        case .holder(of: let claim): try await turns.withTurn(claim, body)
        }
    }

    private func decide(
        _ command: D.Command, _ target: CommandTarget, _ context: CommandContext
    ) async throws -> CommandOutcome<D.State> {
        for attempt in 1...attempts {
            guard let entity = try await load(target) else {
                // Deciding on nobody says best why that cannot be.
                _ = try D.decide(command, D.initialState)
                throw CommandRefusal.noSuchEntity
            }
            let isExpected = context.expectedVersions?.contains(entity.version) ?? true
            if entity.version > 0, !isExpected || context.excludedVersions.contains(entity.version) {
                throw CommandRefusal.versionMismatch(current: entity.version)
            }
            let (append, outcome) = try await carryOut(try D.decide(command, entity.state), on: entity, context)
            switch append {
            case .appended:
                return outcome
            case .versionConflict:
                break
            case .claimTaken(let claim, by: let holder):
                if let earlier = try await earlierOutcome(context) { return earlier }
                // A key that was found expired is free now.
                if claim == context.metadata.idempotency.map({ Claim($0) }) { break }
                guard try await freeIfStale(claim, heldBy: holder) else { throw D.rejection(taken: claim) }
            }
            // Those who met here should not meet again.
            if attempt > 1 { try await Task.sleep(for: .milliseconds(Int.random(in: 0...min(attempt, 16)))) }
        }
        throw CommandRefusal.raceLost
    }

    /// Makes what was decided durable: events, or that nothing had to change, if there is a key to repeat that under.
    private func carryOut(
        _ events: [D.Event], on entity: Entity, _ context: CommandContext
    ) async throws -> (AppendOutcome, CommandOutcome<D.State>) {
        let key = context.metadata.idempotency
        guard let first = events.first else {
            let unchanged = CommandOutcome(
                stream: entity.stream, version: entity.version, state: entity.state, event: nil)
            guard let key else { return (.appended, unchanged) }
            let answer = UnchangedAnswer(
                id: UUIDv7(at: context.time), key: key, stream: entity.stream, version: entity.version,
                givenAt: context.time)
            return (try await store.remember(answer, urgency: context.urgency), unchanged)
        }
        // Clocks differ, and go back: in a stream time does not.
        let time = max(context.time, entity.recordedAt)
        func record(_ event: D.Event, _ place: Int) -> RecordedEvent {
            RecordedEvent(
                id: UUIDv7(at: time), stream: entity.stream, version: entity.version + 1 + Int64(place),
                type: event.type, schema: event.schema, recordedAt: time, data: event.encoded(),
                metadata: context.metadata)
        }
        let others = events.indices.dropFirst().map { record(events[$0], $0) }
        let commit = Commit(record(first, 0), others)
        let state = events.reduce(entity.state, D.evolve)
        let (held, wanted) = (D.claims(of: entity.state), D.claims(of: state))
        let outcome = try await outbox.append(
            commit, claims: wanted.subtracting(held).union(key.map { [Claim($0)] } ?? []),
            releases: held.subtracting(wanted), urgency: context.urgency)
        return (
            outcome,
            CommandOutcome(stream: entity.stream, version: commit.last.version, state: state, event: commit.last)
        )
    }

    // MARK: Loading

    private struct Entity {
        let stream: StreamID
        var version: Int64 = 0
        var state = D.initialState
        /// The latest time of any of its events.
        var recordedAt = Timestamp(millisecondsSinceEpoch: 0)
    }

    private func load(_ target: CommandTarget) async throws -> Entity? {
        switch target {
        case .new(let stream):
            return Entity(stream: stream)
        case .existing(let stream):
            let entity = try await load(stream)
            return entity.version > 0 ? entity : nil
        case .holder(of: let claim):
            guard let holder = try await store.holder(of: claim) else { return nil }
            let entity = try await load(holder.stream)
            // A claim given up and not yet released finds the stream that gave it up.
            return D.claims(of: entity.state).contains(claim) ? entity : nil
        }
    }

    private func load(_ stream: StreamID, through last: Int64 = .max) async throws -> Entity {
        let pageSize = 500
        var entity = Entity(stream: stream)
        while true {
            let page = try await store.read(stream, after: entity.version, limit: pageSize)
            for recorded in page {
                guard recorded.version <= last else { return entity }
                entity.state = D.evolve(entity.state, try D.Event.decode(recorded))
                entity.version = recorded.version
                entity.recordedAt = max(entity.recordedAt, recorded.recordedAt)
            }
            if page.count < pageSize { return entity }
        }
    }

    // MARK: Claims

    /// What the command's idempotency key led to when it was used before.
    private func earlierOutcome(_ context: CommandContext) async throws -> CommandOutcome<D.State>? {
        guard let key = context.metadata.idempotency, let use = try await store.use(of: key) else { return nil }
        guard context.time.since(use.time) <= keyLifetime else {
            try await store.forget(key, used: use)
            return nil
        }
        guard use.key == key else { throw CommandRefusal.idempotencyKeyReused }
        let entity = try await load(use.stream, through: use.version)
        return CommandOutcome(stream: use.stream, version: use.version, state: entity.state, event: use.event)
    }

    /// Releases a claim that its holder has given up by events, but a crash kept from being released.
    ///
    /// - Returns: whether the claim is free now.
    private func freeIfStale(_ claim: Claim, heldBy holder: StreamID) async throws -> Bool {
        let entity = try await load(holder)
        guard !D.claims(of: entity.state).contains(claim) else { return false }
        try await store.release([claim], of: holder, through: entity.version)
        return true
    }
}
