// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials
internal import Tracing

/// Fills a new generation from the event store, in parallel, beside the projectors that feed it.
///
/// What begins or goes on meanwhile comes through the generation's queue. A document that is there already is brought up
/// to what the events say, never back. Memory is bounded: one page of events and one of documents for each range at work.
struct GenerationFill<P: Projection, Model: GenerationReadModel<P.Document>>: Sendable {
    /// Commits in a range of streams.
    static var rangeSize: Int { 4000 }
    /// Events in one answer, or a few more, and documents in one bulk.
    static var pageSize: Int { 1000 }

    private let events: any EventScan
    private let builder: StreamBuilder<P, Model>
    private let parallel: Int
    private let tracing: FillTracing?

    init(
        _ projection: P.Type, events: any EventScan, model: Model, parallel: Int, tracer: (any Tracer)? = nil
    ) {
        self.events = events
        tracing = tracer.map { FillTracing(tracer: $0, readModel: P.name) }
        self.builder = StreamBuilder(projection, events: events, model: model)
        self.parallel = parallel
    }

    /// Fills everything behind a stream.
    ///
    /// - Parameters:
    ///   - stream: the last one that is filled; `nil` to begin.
    ///   - onProgress: called after each range, with what was done since the beginning of this call.
    ///   - onPrefix: called with the last stream of those that are all done, `nil` at the end, and what was done for
    ///     them since the beginning of this call.
    func run(
        after stream: StreamID?, onProgress: (FillProgress) async throws -> Void,
        onPrefix: (StreamID?, FillProgress) async throws -> Void
    ) async throws {
        var done = FillProgress()
        var prefix = FillProgress()
        var finished: [Int: (StreamRange, FillProgress)] = [:]
        var next = 0
        var pages = StreamPages(events, category: P.category, after: stream, size: Self.rangeSize)
        try await pages.forEach(parallel: parallel) { range in
            try await repeatingPassing { try await fill(range) }
        } finish: { number, range, progress in
            done = done + progress
            try await onProgress(done)
            finished[number] = (range, progress)
            while let (range, progress) = finished.removeValue(forKey: next) {
                next += 1
                prefix = prefix + progress
                try await onPrefix(range.last, prefix)
            }
        }
    }

    /// Fills one range. Doing it again does no harm.
    func fill(_ range: StreamRange) async throws -> FillProgress {
        var progress = FillProgress()
        var documents: [ReadModelChange<P.Document>] = []
        var open: (stream: StreamID, fold: EventFold<P>)?
        func add() {
            guard let stream = open?.stream, let document = open?.fold.document else { return }
            let entries = open?.fold.takeEntries() ?? []
            documents.append(ReadModelChange(stream: stream, baseVersion: 0, document: document, entries: entries))
        }
        func close() {
            guard let open else { return }
            if open.fold.isStopped { progress.stopped += 1 }
            if open.fold.document != nil { progress.documents += 1 }
            add()
        }
        var position: EventPosition?
        repeat {
            try Task.checkCancellation()
            let commits = try await events.readAll(P.category, in: range, after: position, limit: Self.pageSize)
            let page = commits.events
            for event in page {
                if open?.stream != event.stream {
                    close()
                    open = (event.stream, EventFold(nil))
                }
                open?.fold.add(event)
            }
            position = page.count < Self.pageSize ? nil : page.last?.position
            // Entries do not wait for the end of their stream, which may be far.
            if position == nil { close() } else if open?.fold.entries.isEmpty == false { add() }
            try await store(documents, of: page)
            progress.commits += commits.count
            progress.events += page.count
            documents = []
        } while position != nil
        return progress
    }

    private func store(_ documents: [ReadModelChange<P.Document>], of page: [RecordedEvent]) async throws {
        guard let tracing, !page.isEmpty else { return try await builder.store(documents) }
        try await tracing.tracing(page) { try await builder.store(documents) }
    }
}
