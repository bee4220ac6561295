// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials
public import Logging

/// Notices that messages were lost after the broker had taken them, say because somebody purged the queue, and applies
/// their events from the event store.
///
/// A queue that is found empty has handed out all that was published before; some seconds later all of that must be in the
/// read model. So from time to time this notes how far writers have published, waits for an empty queue and those
/// seconds, and compares. How far it has looked outlasts the process: what was lost while nobody ran is noticed, too.
///
/// The commits of a round are compared one by one, unless they are many: then ``sample`` of them, evenly spaced, and all
/// once one of these is missing. What a purge takes follows each other, or is every so many-th where the queue was one of several partitions, so what may
/// go unnoticed is a loss of a few times the space between two at most; it is mended by its stream's next event, or by `verify`. In return this costs the database no more the more
/// there is to do.
public struct LossWatch<P: Projection, Model: AuditableReadModel<P.Document>>: Sendable {
    /// The most commits of one writer to compare in a round that finds nothing missing.
    static var sample: Int { 2000 }
    /// The most numbers in one question to the event store.
    private static var pageSize: Int { 1000 }
    /// How many streams to mend side by side.
    private static var parallel: Int { 4 }

    private let writers: any WriterHistory
    private let model: Model
    private let queue: QueueSightings
    private let ledger: any ArrivalLedger
    private let patience: Duration
    private let check: StreamCheck<P, Model>
    private let metrics: ProjectionMetrics
    private let logger: Logger

    /// Prepares watching.
    ///
    /// - Parameters:
    ///   - projection: the fold.
    ///   - name: the read model's permanent name, a label of its metrics.
    ///   - events: the truth.
    ///   - model: what must have arrived.
    ///   - queue: looks at the read model's queue, kept by somebody else.
    ///   - ledger: remembers how far it has looked.
    ///   - patience: how long what has left the queue may take to be applied. What takes longer, for a retry say, is
    ///     applied from the event store then, which is harmless.
    ///   - logger: for what was lost.
    public init(
        _ projection: P.Type, name: String, events: some EventScan & WriterHistory, model: Model, queue: QueueSightings,
        ledger: any ArrivalLedger, patience: Duration = .seconds(5), logger: Logger
    ) {
        writers = events
        self.model = model
        self.queue = queue
        self.ledger = ledger
        self.patience = patience
        check = StreamCheck(events: events, model: model)
        metrics = ProjectionMetrics(projection: name)
        self.logger = logger
    }

    /// Watches until it is cancelled.
    ///
    /// - Parameter isSubscribed: whether somebody takes what is in the queue. Before that nothing can have arrived.
    public func run(once isSubscribed: @Sendable () -> Bool) async {
        var backoff = Backoff(from: .seconds(1), to: .seconds(30))
        while !Task.isCancelled {
            do {
                while !isSubscribed() { try await Task.sleep(for: .milliseconds(100)) }
                try await look()
                backoff.reset()
            } catch {
                guard !Task.isCancelled else { return }
                logger.debug("no look at what has arrived", metadata: ["error": "\(SafeText.of(error))"])
                try? await Task.sleep(for: backoff.next())
            }
        }
    }

    /// One round.
    private func look() async throws {
        let before = try await ledger.marks()
        let (ranges, after) = try await plan(since: before)
        // Only a queue seen empty after the look at the writers has handed out all that they had published by then.
        let now = ContinuousClock.now
        guard before != nil else { return try await ledger.keep(after) }
        await queue.waitUntilEmpty(after: now)
        try await Task.sleep(for: patience)
        for range in ranges { try await compare(range) }
        if after != before { try await ledger.keep(after) }
    }

    /// What one writer has published between two rounds.
    private struct Range {
        let writer: WriterID
        let numbers: ClosedRange<Int64>?
        /// Of these, what is still not published.
        let without: Set<Int64>
        /// From earlier rounds, what was not published then.
        let belated: [Int64]

        init(_ writer: WriterID, from start: RelayProgress, to end: RelayProgress) {
            self.writer = writer
            numbers = start.published < end.published ? start.published + 1...end.published : nil
            without = Set(end.setAside)
            // A writer with very much set aside says no more than where the first of it is.
            belated = start.setAside.filter { $0 <= end.published && !end.setAside.contains($0) }
        }
    }

    /// What has been published since the last round.
    private func plan(since marks: ArrivalMarks?) async throws -> ([Range], ArrivalMarks) {
        // Which report it was is of no interest here.
        let progress = try await writers.progress().mapValues {
            RelayProgress(published: $0.published, setAside: $0.setAside)
        }
        let known = marks?.writers ?? [:]
        var newest = marks?.newest
        var ended = known.keys.filter { progress[$0] == nil }
        while true {
            let page = try await writers.writers(after: newest, limit: 100)
            ended += page.filter { progress[$0] == nil && known[$0] == nil }
            newest = page.last ?? newest
            if page.count < 100 { break }
        }
        let after = ArrivalMarks(writers: progress, newest: newest)
        // The first round only says where to begin.
        guard marks != nil else { return ([], after) }
        var ranges = progress.map { Range($0, from: known[$0] ?? RelayProgress(published: 0), to: $1) }
        for writer in ended {
            // Whoever has no checkpoint any more has published everything, or somebody else has for it.
            let end = RelayProgress(published: try await writers.lastNumber(of: writer))
            ranges.append(Range(writer, from: known[writer] ?? RelayProgress(published: 0), to: end))
        }
        return (ranges, after)
    }

    // MARK: Comparing

    private func compare(_ range: Range) async throws {
        var isMissing = try await !missing(range.belated, range).isEmpty
        if let numbers = range.numbers {
            let space = max(1, numbers.count / Self.sample)
            var chunk: [Int64] = []
            for number in stride(from: numbers.upperBound, through: numbers.lowerBound, by: -space) where !isMissing {
                chunk.append(number)
                guard chunk.count == Self.pageSize || number - Int64(space) < numbers.lowerBound else { continue }
                isMissing = try await !missing(chunk, range).isEmpty
                chunk = []
            }
        }
        guard isMissing else { return }
        var count = try await mend(missing(range.belated, range))
        if let numbers = range.numbers {
            for start in stride(from: numbers.lowerBound, through: numbers.upperBound, by: Self.pageSize) {
                let end = min(start + Int64(Self.pageSize) - 1, numbers.upperBound)
                count += try await mend(missing(Array(start...end), range))
            }
        }
        guard count > 0 else { return }
        metrics.countLosses(count)
        logger.error(
            "messages were lost after the broker had taken them; their events are applied from the event store",
            metadata: ["streams": "\(count)"])
    }

    /// The streams whose documents do not reflect their commits with these numbers.
    private func missing(_ numbers: [Int64], _ range: Range) async throws -> Set<StreamID> {
        let published = numbers.filter { !range.without.contains($0) }
        guard !published.isEmpty else { return [] }
        var versions: [StreamID: Int64] = [:]
        for commit in try await writers.commits(of: range.writer, numbered: published).map(\.commit)
        where commit.stream.category == P.category {
            versions[commit.stream] = max(versions[commit.stream] ?? 0, commit.last.version)
        }
        guard !versions.isEmpty else { return [] }
        let documents = try await model.load(Set(versions.keys))
        return Set(versions.filter { $0.value > documents[$0.key]?.version ?? 0 }.keys)
    }

    /// Applies what streams lack.
    ///
    /// - Returns: how many of them lacked something.
    private func mend(_ streams: Set<StreamID>) async throws -> Int {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            var count = 0
            for (index, stream) in streams.enumerated() {
                if index >= Self.parallel, try await group.next() == true { count += 1 }
                group.addTask { try await mend(stream) }
            }
            for try await isMended in group where isMended { count += 1 }
            return count
        }
    }

    private func mend(_ stream: StreamID) async throws -> Bool {
        switch try await check.look(at: stream) {
        case .right: return false
        case .late(let difference), .different(let difference):
            do {
                return try await check.repair(difference)
            } catch  where FailureCategory(of: error) != .unavailable {
                // What one stream's document is refused for is the projector's to tell.
                return false
            }
        }
    }
}
