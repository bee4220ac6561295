// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import DequeModule
internal import Essentials

/// Compares a read model with the event store, document by document, while both are in use.
///
/// Both are read in pages, so memory is bounded whatever their size. What looks different may only be late: it is looked
/// at again, until it is right, or has had time enough.
public struct ReadModelAudit<P: Projection, Model: AuditableReadModel<P.Document>>: Sendable {
    private let events: any EventScan
    private let model: Model
    private let patience: Duration
    private let parallel: Int
    private let check: StreamCheck<P, Model>
    /// Commits in a range of streams.
    private let rangeSize = 4000
    /// Events or documents in one answer.
    private let pageSize = 1000
    /// The most streams that wait for their second look; more make the first look wait.
    private let suspectLimit = 50_000

    /// Prepares an audit.
    ///
    /// - Parameters:
    ///   - projection: the fold.
    ///   - events: the truth.
    ///   - model: what is audited.
    ///   - patience: how long a document may lag before that is a difference.
    ///   - parallel: how many streams or ranges of streams to look at side by side, at least 1.
    public init(
        _ projection: P.Type, events: any EventScan, model: Model,
        patience: Duration = .seconds(10), parallel: Int = 4
    ) {
        precondition(parallel >= 1)
        self.events = events
        self.model = model
        self.patience = patience
        self.parallel = parallel
        check = StreamCheck(events: events, model: model)
    }

    /// A stream whose document was not what its events say.
    private struct Suspect: Sendable {
        let stream: StreamID
        /// The version that it should have been at.
        let expected: Int64
        let since: ContinuousClock.Instant
    }

    /// What a run has to do and has found.
    private struct State {
        var progress = AuditProgress()
        var suspects: Deque<Suspect> = []
    }

    /// Audits everything: first the documents, then the sums over them.
    ///
    /// - Parameters:
    ///   - repairs: whether to write what the events say where the read model says something else.
    ///   - sums: whether to compare sums as well. They follow from documents, so that who mends these has mended them.
    ///   - onProgress: called after each step, some times a second.
    ///   - onDifference: called for each difference, and whether it was mended.
    ///   - onSumDifference: the same for rows of sums; those that somebody else has mended meanwhile count as mended.
    /// - Throws: the stores' errors, the callers' own; `CancellationError`.
    public func run(
        repairs: Bool = false, sums: Bool = true, onProgress: (AuditProgress) async throws -> Void = { _ in },
        onDifference: (ReadModelDifference, Bool) async throws -> Void,
        onSumDifference: (SumDifference, Bool) async throws -> Void = { _, _ in }
    ) async throws -> AuditProgress {
        var state = State()
        var pages = StreamPages(events, category: P.category, size: rangeSize)
        try await pages.forEach(parallel: parallel) {
            try await compare($0)
        } finish: { _, _, found in
            state.progress.commits += found.commits
            state.progress.events += found.events
            state.progress.streams += found.streams
            state.suspects += found.suspects
            try await onProgress(state.progress)
            try await settle(&state, downTo: suspectLimit, repairs, onProgress, onDifference)
        }
        try await findExtras { extras in
            state.suspects += extras
            try await onProgress(state.progress)
            try await settle(&state, downTo: suspectLimit, repairs, onProgress, onDifference)
        }
        try await settle(&state, downTo: 0, repairs, onProgress, onDifference)
        guard sums else { return state.progress }
        state.progress.rows = try await model.compareSums { differences in
            if repairs { try await model.mend(differences) }
            state.progress.differences += differences.count
            if repairs { state.progress.repaired += differences.count }
            for difference in differences { try await onSumDifference(difference, repairs) }
            try await onProgress(state.progress)
        }
        return state.progress
    }

    // MARK: First look

    /// Folds the streams of a range beside their documents.
    private func compare(
        _ range: StreamRange
    ) async throws -> (commits: Int, events: Int, streams: Int, suspects: [Suspect]) {
        var found: (commits: Int, events: Int, streams: Int, suspects: [Suspect]) = (0, 0, 0, [])
        var open: (stream: StreamID, audit: StreamAudit<P>)?
        func close() {
            guard let open, let difference = open.audit.difference else { return }
            found.suspects.append(Suspect(stream: open.stream, expected: difference.expected, since: .now))
        }
        var position: EventPosition?
        repeat {
            try Task.checkCancellation()
            let commits = try await events.readAll(P.category, in: range, after: position, limit: pageSize)
            let page = commits.events
            let streams = Set(page.map(\.stream)).subtracting(open.map { [$0.stream] } ?? [])
            let documents = streams.isEmpty ? [:] : try await model.load(streams)
            let entries = try await model.entries(beside: page)
            for event in page {
                if open?.stream != event.stream {
                    close()
                    open = (event.stream, StreamAudit(event.stream, stored: documents[event.stream]))
                    found.streams += 1
                }
                open?.audit.add(event, entries[event.position])
            }
            found.commits += commits.count
            found.events += page.count
            position = page.count < pageSize ? nil : page.last?.position
        } while position != nil
        close()
        return found
    }

    /// Looks for documents of streams that do not exist.
    private func findExtras(_ found: ([Suspect]) async throws -> Void) async throws {
        var last: StreamID?
        repeat {
            try Task.checkCancellation()
            let page = try await model.streams(after: last, limit: pageSize)
            let extras = page.isEmpty ? [] : Set(page).subtracting(try await events.existing(Set(page)))
            try await found(extras.map { Suspect(stream: $0, expected: 0, since: .now) })
            last = page.count == pageSize ? page.last : nil
        } while last != nil
    }

    // MARK: Second look

    /// Looks again at suspects, those that have waited longest first, until no more than so many are left.
    private func settle(
        _ state: inout State, downTo limit: Int, _ repairs: Bool, _ onProgress: (AuditProgress) async throws -> Void,
        _ onDifference: (ReadModelDifference, Bool) async throws -> Void
    ) async throws {
        var backoff = Backoff(from: .milliseconds(20), to: .seconds(1))
        while state.suspects.count > limit {
            try Task.checkCancellation()
            let batch = Array(state.suspects.prefix(200))
            state.suspects.removeFirst(batch.count)
            var isMoving = false
            for (suspect, outcome) in try await look(at: batch) {
                switch outcome {
                case .right: isMoving = true
                case .late where suspect.since + patience > .now: state.suspects.append(suspect)
                case .late(let difference), .different(let difference):
                    isMoving = true
                    let isMended = repairs ? try await check.repair(difference) : false
                    state.progress.differences += 1
                    if isMended { state.progress.repaired += 1 }
                    try await onDifference(difference, isMended)
                }
            }
            try await onProgress(state.progress)
            if isMoving { backoff.reset() } else { try await Task.sleep(for: backoff.next()) }
        }
    }

    private func look(at batch: [Suspect]) async throws -> [(Suspect, StreamCheck<P, Model>.Outcome)] {
        try await withThrowingTaskGroup(of: (Suspect, StreamCheck<P, Model>.Outcome).self) { group in
            var outcomes: [(Suspect, StreamCheck<P, Model>.Outcome)] = []
            for (index, suspect) in batch.enumerated() {
                if index >= parallel, let outcome = try await group.next() { outcomes.append(outcome) }
                group.addTask { (suspect, try await check.look(at: suspect.stream, atLeast: suspect.expected)) }
            }
            for try await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
    }
}
