// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials
internal import Synchronization

/// An event store in memory for tests and trials. The same contract suite runs against it and the real store.
public final class InMemoryEventStore: EventStore, EventScan, WriterCheckpoints, CommitPlaces, SnapshotStore {
    private struct Checkpoint {
        var progress: RelayProgress
        /// The take-over under way, if there is one.
        var token: UUIDv7?
        /// `nil` once it was abandoned.
        var touched: ContinuousClock.Instant?
    }

    private struct State {
        var streams: [StreamID: CommittedStream] = [:]
        /// Where the commits begin that hold them.
        var claims: [Claim: EventPosition] = [:]
        /// Keys whose commands changed nothing; none is among the claims.
        var answers: [Claim: UnchangedAnswer] = [:]
        var checkpoints: [WriterID: Checkpoint] = [:]
        var snapshots: [StateSnapshot] = []

        func holder(of claim: Claim) -> StreamID? { claims[claim]?.stream ?? answers[claim]?.stream }

        func use(of claim: Claim) -> KeyUse? {
            commit(holding: claim).map { .event($0.last) } ?? answers[claim].map { .unchanged($0) }
        }

        func commit(holding claim: Claim) -> Commit? {
            claims[claim].flatMap { streams[$0.stream]?.append(of: $0.version).commit }
        }

        mutating func free(_ claim: Claim) {
            answers[claim] = nil
            guard let position = claims.removeValue(forKey: claim), claim.isOfKind(Claim.idempotency) else { return }
            streams[position.stream]?.forgetKey(of: position.version)
        }
    }

    private let state = Mutex(State())

    /// A store without events.
    public init() {}

    /// Nothing has to be prepared.
    public func prepare() async {}

    // MARK: Events

    /// Appends a commit's events at their versions and takes its claims, all or nothing.
    public func append(_ append: EventAppend) async -> AppendOutcome {
        state.withLock { state in
            let first = append.commit.first
            let last = state.streams[first.stream]?.lastVersion ?? 0
            guard first.version > last else {
                let present = state.streams[first.stream]?.append(of: first.version).commit.first
                precondition(present?.version == first.version, "an append must follow a whole commit")
                return .versionConflict
            }
            precondition(first.version == last + 1, "an append must follow the last event")
            for claim in append.claims.sorted(by: { $0.text < $1.text }) {
                if let holder = state.holder(of: claim) { return .claimTaken(claim, by: holder) }
            }
            for claim in append.claims { state.claims[claim] = first.position }
            state.streams[first.stream, default: CommittedStream()].add(append)
            return .appended
        }
    }

    /// The events of a stream in order of version.
    public func read(_ stream: StreamID, after version: Int64, limit: Int) async -> [RecordedEvent] {
        state.withLock { state in
            state.streams[stream].map { Array($0.events(after: version, atLeast: limit).prefix(limit)) } ?? []
        }
    }

    /// The last event of a stream.
    public func last(of stream: StreamID) async -> RecordedEvent? {
        state.withLock { $0.streams[stream]?.appends.last?.commit.last }
    }

    /// Which of these streams have events.
    public func existing(_ streams: Set<StreamID>) async -> Set<StreamID> {
        state.withLock { state in streams.filter { state.streams[$0] != nil } }
    }

    /// The commits of a category's streams in order of stream and version.
    public func readAll(
        _ category: String, in range: StreamRange, after position: EventPosition?, limit: Int
    ) async -> [Commit] {
        state.withLock { state in
            var page: [Commit] = []
            var left = limit
            let streams = state.streams.keys.filter { $0.category == category && range.contains($0) }
            for stream in streams.sorted(by: { $0.name < $1.name }) {
                guard left > 0 else { break }
                let skipped: Int64
                if let position {
                    guard stream.name >= position.stream.name else { continue }
                    skipped = stream == position.stream ? position.version : 0
                } else {
                    skipped = 0
                }
                let commits = state.streams[stream]?.commits(after: skipped, atLeast: left) ?? []
                page += commits
                left -= commits.map(\.count).reduce(0, +)
            }
            return page
        }
    }

    /// The commits of all streams of a category in order of stream and version.
    public func readAll(_ category: String, after position: EventPosition?, limit: Int) async -> [Commit] {
        await readAll(category, in: .all, after: position, limit: limit)
    }

    /// The stream of the last of so many commits behind a stream.
    public func boundary(_ category: String, after stream: StreamID?, commits count: Int) async -> StreamID? {
        state.withLock { state in
            let range = StreamRange(after: stream, through: nil)
            var left = count
            for (stream, content) in state.streams.sorted(by: { $0.key.name < $1.key.name })
            where stream.category == category && range.contains(stream) {
                left -= content.appends.count
                if left <= 0 { return stream }
            }
            return nil
        }
    }

    /// How many commits a category has.
    public func count(_ category: String) async -> Int {
        state.withLock { state in
            state.streams.filter { $0.key.category == category }.map(\.value.appends.count).reduce(0, +)
        }
    }

    /// The last event of the commit that holds a claim, or `nil` when it is free.
    public func holder(of claim: Claim) async -> RecordedEvent? {
        state.withLock { $0.commit(holding: claim)?.last }
    }

    /// Whether a later commit of the stream gives a claim up.
    public func hasGivenUp(_ claim: Claim, since holder: RecordedEvent) async -> Bool {
        state.withLock { state in
            state.streams[holder.stream]?.appends.contains {
                $0.commit.first.version > holder.version && $0.releases.contains(claim)
            } ?? false
        }
    }

    /// Frees a stream's claims.
    public func release(_ claims: Set<Claim>, of stream: StreamID, through version: Int64) async {
        state.withLock { state in
            for claim in claims {
                if let holder = state.claims[claim], holder.stream == stream, holder.version <= version {
                    state.free(claim)
                }
            }
        }
    }

    // MARK: Idempotency

    /// Takes a key for an answer without an event.
    public func remember(_ answer: UnchangedAnswer, urgency: AppendUrgency) async -> AppendOutcome {
        state.withLock { state in
            let claim = Claim(answer.key)
            if let holder = state.holder(of: claim) { return .claimTaken(claim, by: holder) }
            state.answers[claim] = answer
            return .appended
        }
    }

    /// What a key was used for.
    public func use(of key: IdempotencyKey) async -> KeyUse? { state.withLock { $0.use(of: Claim(key)) } }

    /// Frees a key, if that is its last use.
    public func forget(_ key: IdempotencyKey, used use: KeyUse) async {
        state.withLock { state in
            guard state.use(of: Claim(key)) == use else { return }
            state.free(Claim(key))
        }
    }

    /// Frees keys that were used before a moment, a page at a time.
    public func forgetKeys(
        usedBefore time: Timestamp, after position: Claim?, limit: Int
    ) async -> (forgotten: Int, next: Claim?) {
        state.withLock { state in
            let keys = (Array(state.claims.keys) + Array(state.answers.keys)).filter {
                $0.isOfKind(Claim.idempotency) && $0.text > position?.text ?? ""
            }
            let page = keys.sorted { $0.text < $1.text }.prefix(limit)
            let expired = page.filter { state.use(of: $0).map { $0.time < time } ?? false }
            for claim in expired { state.free(claim) }
            return (expired.count, page.count < limit ? nil : page.last)
        }
    }

    // MARK: Snapshots

    /// The last snapshot of a stream up to a version.
    public func snapshot(of stream: StreamID, schema: Int, through version: Int64) async -> StateSnapshot? {
        state.withLock { state in
            state.snapshots.filter { $0.stream == stream && $0.schema == schema && $0.version <= version }
                .max { $0.version < $1.version }
        }
    }

    /// Keeps a snapshot.
    public func keep(_ snapshot: StateSnapshot) {
        let end = snapshot.version - StateSnapshot.reach
        state.withLock { state in
            state.snapshots.removeAll { $0.stream == snapshot.stream && $0.version <= end }
            state.snapshots.append(snapshot)
        }
    }

    // MARK: Writers

    /// Whether a writer has a checkpoint.
    public func hasCheckpoint(_ writer: WriterID) async -> Bool { state.withLock { $0.checkpoints[writer] != nil } }

    /// The furthest that any writer has published.
    public var highestCheckpoint: Int64 {
        get async { state.withLock { $0.checkpoints.values.map(\.progress.published).max() ?? 0 } }
    }

    /// Notes progress; the writer itself is always right.
    public func checkpoint(_ writer: WriterID, _ progress: RelayProgress) async {
        state.withLock { state in
            let latest = state.checkpoints[writer]?.progress.latest(progress) ?? progress
            state.checkpoints[writer] = Checkpoint(progress: latest, touched: .now)
        }
    }

    /// Takes over a silent writer's checkpoint.
    public func takeOver(for writer: WriterID, silentFor silence: Duration) async -> Takeover? {
        state.withLock { state in
            let now = ContinuousClock.now
            for (other, checkpoint) in state.checkpoints where other != writer {
                if let touched = checkpoint.touched, now - touched <= silence { continue }
                let token = UUIDv7(at: .now())
                state.checkpoints[other] = Checkpoint(progress: checkpoint.progress, token: token, touched: now)
                return Takeover(writer: other, progress: checkpoint.progress, token: token)
            }
            return nil
        }
    }

    /// Shows that somebody works on a take-over.
    public func hold(_ takeover: Takeover) async -> Bool {
        state.withLock { state in
            guard state.checkpoints[takeover.writer]?.token == takeover.token else { return false }
            state.checkpoints[takeover.writer]?.touched = .now
            return true
        }
    }

    /// Removes a checkpoint that was taken over.
    public func finish(_ takeover: Takeover) async {
        state.withLock { state in
            if state.checkpoints[takeover.writer]?.token == takeover.token { state.checkpoints[takeover.writer] = nil }
        }
    }

    /// Leaves a checkpoint to whoever looks next.
    public func abandon(_ writer: WriterID, _ progress: RelayProgress) async {
        state.withLock { state in
            guard let checkpoint = state.checkpoints[writer], checkpoint.token == nil else { return }
            state.checkpoints[writer] = Checkpoint(progress: checkpoint.progress.latest(progress), touched: nil)
        }
    }

    /// Removes a checkpoint, unless it was taken over.
    public func remove(_ writer: WriterID) async {
        state.withLock { state in
            if let checkpoint = state.checkpoints[writer], checkpoint.token == nil { state.checkpoints[writer] = nil }
        }
    }

    /// A writer's commits in order of their numbers.
    public func commits(of writer: WriterID, after sequence: Int64, limit: Int) async -> [OutboxCommit] {
        state.withLock { state in
            state.streams.values.lazy.flatMap(\.appends).filter { $0.writer == writer && $0.sequence > sequence }
                .sorted { $0.sequence < $1.sequence }.prefix(limit)
                .map { OutboxCommit(sequence: $0.sequence, commit: $0.commit, releases: $0.releases) }
        }
    }

    /// Where the commits of a stream stand among those of their writers.
    public func places(of stream: StreamID, after version: Int64, limit: Int) async -> [CommitPlace] {
        state.withLock { state in
            let appends = state.streams[stream]?.appends ?? []
            return appends.drop { $0.commit.last.version <= version }.prefix(limit).map {
                CommitPlace(version: $0.commit.first.version, writer: $0.writer, sequence: $0.sequence)
            }
        }
    }

    /// How far each writer with a checkpoint has published.
    public func progress() async -> [WriterID: RelayProgress] {
        state.withLock { $0.checkpoints.mapValues(\.progress) }
    }

    /// The writers that have appended something.
    public func writers(after writer: WriterID?, limit: Int) async -> [WriterID] {
        state.withLock { state in
            let all = Set(state.streams.values.flatMap(\.appends).map(\.writer)).sorted()
            return Array(all.filter { id in writer.map { id > $0 } ?? true }.prefix(limit))
        }
    }

    /// The number of a writer's last commit.
    public func lastNumber(of writer: WriterID) async -> Int64 {
        await commits(of: writer, after: 0, limit: .max).last?.sequence ?? 0
    }

    /// A writer's commits with these numbers.
    public func commits(of writer: WriterID, numbered numbers: [Int64]) async -> [OutboxCommit] {
        let wanted = Set(numbers)
        return await commits(of: writer, after: 0, limit: .max).filter { wanted.contains($0.sequence) }
    }
}

extension StreamRange {
    /// Whether a stream is one of them, in the order of names.
    fileprivate func contains(_ stream: StreamID) -> Bool {
        if let before, stream.name <= before.name { return false }
        if let last, stream.name > last.name { return false }
        return true
    }
}
