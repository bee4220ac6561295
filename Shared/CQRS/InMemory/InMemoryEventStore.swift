// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Synchronization

/// An event store in memory for tests and trials. The same contract suite runs against it and the real store.
public final class InMemoryEventStore: EventStore, EventScan, OutboxStore {
    private struct Checkpoint {
        var published: Int64
        /// The take-over under way, if there is one.
        var token: UUIDv7?
        /// `nil` once it was abandoned.
        var touched: ContinuousClock.Instant?
    }

    private struct State {
        var streams: [StreamID: [EventAppend]] = [:]
        var claims: [Claim: EventPosition] = [:]
        var checkpoints: [WriterID: Checkpoint] = [:]
    }

    private let state = Mutex(State())

    /// A store without events.
    public init() {}

    /// Nothing has to be prepared.
    public func prepare() async {}

    // MARK: Events

    /// Appends an event at its version and takes its claims, both or neither.
    public func append(_ append: EventAppend) async -> AppendOutcome {
        state.withLock { state in
            let stream = append.event.stream
            let last = Int64(state.streams[stream]?.count ?? 0)
            guard append.event.version > last else { return .versionConflict }
            precondition(append.event.version == last + 1, "an append must follow the last event")
            for claim in append.claims.sorted(by: { $0.text < $1.text }) {
                if let holder = state.claims[claim] { return .claimTaken(claim, by: holder.stream) }
            }
            for claim in append.claims { state.claims[claim] = append.event.position }
            state.streams[stream, default: []].append(append)
            return .appended
        }
    }

    /// The events of a stream in order of version.
    public func read(_ stream: StreamID, after version: Int64, limit: Int) async -> [RecordedEvent] {
        state.withLock { state in
            (state.streams[stream] ?? []).dropFirst(Int(version)).prefix(limit).map(\.event)
        }
    }

    /// Which of these streams have events.
    public func existing(_ streams: Set<StreamID>) async -> Set<StreamID> {
        state.withLock { state in streams.filter { state.streams[$0] != nil } }
    }

    /// The events of a category's streams in order of stream and version.
    public func readAll(
        _ category: String, in range: StreamRange, after position: EventPosition?, limit: Int
    ) async -> [RecordedEvent] {
        state.withLock { state in
            var page: [RecordedEvent] = []
            let streams = state.streams.keys.filter { $0.category == category && range.contains($0) }
            for stream in streams.sorted(by: { $0.name < $1.name }) {
                guard page.count < limit else { break }
                let skipped: Int64
                if let position {
                    guard stream.name >= position.stream.name else { continue }
                    skipped = stream == position.stream ? position.version : 0
                } else {
                    skipped = 0
                }
                let events = state.streams[stream]?.dropFirst(Int(skipped)) ?? []
                page += events.prefix(limit - page.count).map(\.event)
            }
            return page
        }
    }

    /// The events of all streams of a category in order of stream and version.
    public func readAll(_ category: String, after position: EventPosition?, limit: Int) async -> [RecordedEvent] {
        await readAll(category, in: .all, after: position, limit: limit)
    }

    /// The stream of the last of so many events behind a stream.
    public func boundary(_ category: String, after stream: StreamID?, events count: Int) async -> StreamID? {
        let events = await readAll(category, in: StreamRange(after: stream, through: nil), after: nil, limit: count)
        return events.count == count ? events.last?.stream : nil
    }

    /// How many events a category has.
    public func count(_ category: String) async -> Int {
        state.withLock { state in state.streams.filter { $0.key.category == category }.map(\.value.count).reduce(0, +) }
    }

    /// The event that holds a claim, or `nil` when it is free.
    public func holder(of claim: Claim) async -> RecordedEvent? {
        state.withLock { state in
            state.claims[claim].flatMap { state.streams[$0.stream]?[Int($0.version) - 1].event }
        }
    }

    /// Whether a later event of the stream gives a claim up.
    public func hasGivenUp(_ claim: Claim, since holder: RecordedEvent) async -> Bool {
        state.withLock { state in
            (state.streams[holder.stream] ?? []).dropFirst(Int(holder.version)).contains { $0.releases.contains(claim) }
        }
    }

    /// Frees a stream's claims.
    public func release(_ claims: Set<Claim>, of stream: StreamID, through version: Int64) async {
        state.withLock { state in
            for claim in claims {
                if let holder = state.claims[claim], holder.stream == stream, holder.version <= version {
                    state.claims[claim] = nil
                }
            }
        }
    }

    // MARK: Writers

    /// Whether a writer has a checkpoint.
    public func hasCheckpoint(_ writer: WriterID) async -> Bool { state.withLock { $0.checkpoints[writer] != nil } }

    /// The furthest that any writer has published.
    public var highestCheckpoint: Int64 {
        get async { state.withLock { $0.checkpoints.values.map(\.published).max() ?? 0 } }
    }

    /// Notes progress; the writer itself is always right.
    public func checkpoint(_ writer: WriterID, published: Int64) async {
        state.withLock { state in
            let before = state.checkpoints[writer]?.published ?? 0
            state.checkpoints[writer] = Checkpoint(published: max(before, published), touched: .now)
        }
    }

    /// Takes over a silent writer's checkpoint.
    public func takeOver(for writer: WriterID, silentFor silence: Duration) async -> Takeover? {
        state.withLock { state in
            let now = ContinuousClock.now
            for (other, checkpoint) in state.checkpoints where other != writer {
                if let touched = checkpoint.touched, now - touched <= silence { continue }
                let token = UUIDv7(at: .now())
                state.checkpoints[other] = Checkpoint(published: checkpoint.published, token: token, touched: now)
                return Takeover(writer: other, published: checkpoint.published, token: token)
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
    public func abandon(_ writer: WriterID, published: Int64) async {
        state.withLock { state in
            guard let checkpoint = state.checkpoints[writer], checkpoint.token == nil else { return }
            state.checkpoints[writer] = Checkpoint(published: max(checkpoint.published, published), touched: nil)
        }
    }

    /// Removes a checkpoint, unless it was taken over.
    public func remove(_ writer: WriterID) async {
        state.withLock { state in
            if let checkpoint = state.checkpoints[writer], checkpoint.token == nil { state.checkpoints[writer] = nil }
        }
    }

    /// A writer's events in order of their numbers.
    public func events(of writer: WriterID, after sequence: Int64, limit: Int) async -> [OutboxEvent] {
        state.withLock { state in
            state.streams.values.joined().filter { $0.writer == writer && $0.sequence > sequence }
                .sorted { $0.sequence < $1.sequence }.prefix(limit)
                .map { OutboxEvent(sequence: $0.sequence, event: $0.event, releases: $0.releases) }
        }
    }
}
