// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// Carries out commands on one kind of entity: loads it, decides, and appends at the version decided on. A lost race begins
/// anew.
///
/// Nothing is locked in between. The append is refused when the entity has moved on, or when another entity holds a
/// claim that the event needs, so the last word is the store's.
public struct CommandHandler<D: Decider>: Sendable {
    private let store: any EventStore
    private let outbox: Outbox
    private let keyLifetime: Duration
    private let entities: EntityLoader<D>
    private let unread: UnreadStreams
    private let turns = KeyedSemaphore<StreamID>()
    private let attempts = 32

    /// Handles commands against a store.
    ///
    /// - Parameters:
    ///   - store: where the past is read.
    ///   - outbox: where events are appended.
    ///   - snapshots: where states are put away, if the decider says how; `nil` for nowhere.
    ///   - keyLifetime: how long an idempotency key is remembered; then it may be used for something else.
    ///   - keptStates: of how many long streams to keep the state in memory, at least 0.
    public init(
        store: any EventStore, outbox: Outbox, snapshots: (any SnapshotStore)? = nil,
        keyLifetime: Duration = .seconds(24 * 3600), keptStates: Int = 1000
    ) {
        self.store = store
        entities = EntityLoader(store, snapshots: snapshots, capacity: keptStates)
        unread = UnreadStreams(store)
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
            return try await carryOut(command, on: target, context)
        } catch let error where error is D.Rejection || error is CommandRefusal {
            // The refusal may be the consequence of this very command's first attempt.
            if let earlier = try await earlierOutcome(context, Reading(target)) { return earlier }
            throw error
        }
    }

    private func carryOut(
        _ command: D.Command, on target: CommandTarget, _ context: CommandContext
    ) async throws -> CommandOutcome<D.State> {
        switch target {
        case .new(let stream):
            // Nobody waits in line for what is not there yet.
            if let outcome = try await decide(command, on: Entity(stream), context) { return outcome }
        case .existing(let stream):
            let outcome = try await inTurn(stream) { entity in
                try await decide(command, on: entity, if: { $0.version > 0 }, context)
            }
            if let outcome { return outcome }
        case .holder(of: let claim):
            var seen: EventPosition?
            // A claim given up and not yet released finds the stream that gave it up. Given up while this waited in line, it
            // may be another's.
            while let holder = try await store.holder(of: claim), holder.position != seen {
                seen = holder.position
                let outcome = try await inTurn(holder.stream) { entity in
                    try await decide(command, on: entity, if: { D.claims(of: $0.state).contains(claim) }, context)
                }
                if let outcome { return outcome }
            }
        case .any(let stream):
            let outcome = try await turns.withTurn(stream) {
                try await decide(command, on: unread.entity(stream), by: .unread, context)
            }
            if let outcome { return outcome }
        }
        // Deciding on nobody says best why that cannot be.
        _ = try D.decide(command, D.initialState)
        throw CommandRefusal.noSuchEntity
    }

    /// Commands for one entity wait for each other here; those of other processes may still get in between.
    private func inTurn<T>(_ stream: StreamID, _ body: (Entity<D>) async throws -> T) async throws -> T {
        try await turns.withTurn(stream) { try await body(try await entities.load(stream)) }
    }

    /// What is known of an entity when a command is decided.
    private enum Reading {
        /// All that has happened to it.
        case read
        /// Where its stream ends.
        case unread

        init(_ target: CommandTarget) { if case .any = target { self = .unread } else { self = .read } }
    }

    /// - Parameters:
    ///   - reading: what the entity is made of, also anew.
    ///   - isMeant: whether the entity is the one that the command is for.
    /// - Returns: `nil` when it is not, or is not any more.
    private func decide(
        _ command: D.Command, on loaded: Entity<D>, by reading: Reading = .read,
        if isMeant: (Entity<D>) -> Bool = { _ in true }, _ context: CommandContext
    ) async throws -> CommandOutcome<D.State>? {
        var entity = loaded
        for attempt in 1...attempts {
            guard isMeant(entity) else { return nil }
            if reading == .read { try check(entity, context) }
            let (append, after, event) = try await record(try D.decide(command, entity.state), of: entity, context)
            switch append {
            case .appended:
                if event != nil { keep(after, reading) }
                return CommandOutcome(stream: after.stream, version: after.version, state: after.state, event: event)
            case .versionConflict:
                entity = try await reading == .read ? entities.load(entity.stream) : unread.lookUp(entity.stream)
            case .claimTaken(let claim, by: let holder):
                if let earlier = try await earlierOutcome(context, reading) { return earlier }
                // A key that was found expired is free now.
                if claim == context.metadata.idempotency.map({ Claim($0) }) { break }
                guard try await freeIfStale(claim, heldBy: holder) else { throw D.rejection(taken: claim) }
            }
            // Those who met here should not meet again.
            if attempt > 1 { try await Task.sleep(for: .milliseconds(Int.random(in: 0...min(attempt, 16)))) }
        }
        throw CommandRefusal.raceLost
    }

    private func check(_ entity: Entity<D>, _ context: CommandContext) throws(CommandRefusal) {
        let isExpected = context.expectedVersions?.contains(entity.version) ?? true
        if entity.version > 0, !isExpected || context.excludedVersions.contains(entity.version) {
            throw .versionMismatch(current: entity.version)
        }
    }

    private func keep(_ entity: Entity<D>, _ reading: Reading) {
        switch reading {
        case .read: entities.keep(entity)
        case .unread: unread.keep(entity)
        }
    }

    /// Makes what was decided durable: events, or that nothing had to change, if there is a key to repeat that under.
    ///
    /// - Returns: what became of it, the entity after it, and the last event, if there is one.
    private func record(
        _ events: [D.Event], of entity: Entity<D>, _ context: CommandContext
    ) async throws -> (AppendOutcome, Entity<D>, RecordedEvent?) {
        let key = context.metadata.idempotency
        guard let first = events.first else {
            guard let key else { return (.appended, entity, nil) }
            let answer = UnchangedAnswer(
                id: UUIDv7(at: context.time), key: key, stream: entity.stream, version: entity.version,
                givenAt: context.time)
            return (try await store.remember(answer, urgency: context.urgency), entity, nil)
        }
        // Clocks differ, and go back: in a stream time does not.
        let time = max(context.time, entity.recordedAt)
        var after = entity
        func record(_ event: D.Event) -> RecordedEvent {
            let recorded = RecordedEvent(
                id: UUIDv7(at: time), stream: entity.stream, version: after.version + 1, type: event.type,
                schema: event.schema, recordedAt: time, data: event.encoded(), metadata: context.metadata)
            after.apply(event, recorded)
            return recorded
        }
        let commit = Commit(record(first), events.dropFirst().map(record))
        let (held, wanted) = (D.claims(of: entity.state), D.claims(of: after.state))
        let outcome = try await outbox.append(
            commit, claims: wanted.subtracting(held).union(key.map { [Claim($0)] } ?? []),
            releases: held.subtracting(wanted), urgency: context.urgency)
        return (outcome, after, commit.last)
    }

    // MARK: Claims

    /// What the command's idempotency key led to when it was used before.
    private func earlierOutcome(
        _ context: CommandContext, _ reading: Reading
    ) async throws -> CommandOutcome<D.State>? {
        guard let key = context.metadata.idempotency, let use = try await store.use(of: key) else { return nil }
        guard context.time.since(use.time) <= keyLifetime else {
            try await store.forget(key, used: use)
            return nil
        }
        guard use.key == key else { throw CommandRefusal.idempotencyKeyReused }
        let state =
            switch reading {
            case .read: try await entities.load(use.stream, through: use.version).state
            case .unread: try await state(after: use)
            }
        return CommandOutcome(stream: use.stream, version: use.version, state: state, event: use.event)
    }

    /// The initial state with the events of one commit, whatever was before.
    private func state(after use: KeyUse) async throws -> D.State {
        guard case .event(let last) = use else { return D.initialState }
        let events = try await store.read(
            last.stream, after: max(0, last.version - Int64(Commit.limit)), limit: Commit.limit)
        // The events of a commit share its key, which no other commit has at the same time.
        return try events.filter { $0.version <= last.version && $0.metadata.idempotency == use.key }
            .reduce(D.initialState) { D.evolve($0, try D.Event.decode($1)) }
    }

    /// Releases a claim that its holder has given up by events, but a crash kept from being released.
    ///
    /// - Returns: whether the claim is free now.
    private func freeIfStale(_ claim: Claim, heldBy holder: StreamID) async throws -> Bool {
        let entity = try await entities.load(holder)
        guard !D.claims(of: entity.state).contains(claim) else { return false }
        try await store.release([claim], of: holder, through: entity.version)
        return true
    }
}
