// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Logging
internal import ServiceLifecycle

// How the deliveries of a batch become documents: each stream's are a ``StreamFold``, and `apply` works through all of them in
// rounds of one bulk each. At the end of a round a stream is
//
// - done: its fold is taken out, and its deliveries are settled;
// - overtaken: the stored document has moved on since it was read, or written blindly, and the write was refused; the next
//   round loads it first. Whoever overtook us got somewhere, so this ends; after many times the stream is given up;
// - contradicted: an event is not one of those that the document was made of. It is made anew from the event store, and the
//   next round believes it against any delivery;
// - behind a gap: what is missing is read from the event store, a page for a round.
//
// A fold leaves only when its events are durable or in the leftovers. So whatever throws in between, a repeat does only the
// rest, and that is what `isolate` relies on: it repeats what fails for want of a database, and tries what fails for another
// reason by halves.

extension Projector {
    /// Applies events, and if that fails although nothing is away, finds the streams that make it fail: by halves, so
    /// that a few of them cost the others a few more writes and no pause.
    func isolate(
        _ all: [StreamID: StreamFold<P>], _ settled: SettledDeliveries, _ leftovers: inout Leftovers
    ) async throws {
        var folds = all
        do {
            guard
                try await repeating(
                    where: { FailureCategory(of: $0) == .unavailable }, { try await apply(&folds, settled, &leftovers) }
                )
            else { return }
        } catch {
            try Task.checkCancellation()
            guard folds.count <= 1 else {
                let streams = Array(folds.keys)
                let half = Set(streams.prefix(streams.count / 2))
                try await isolate(folds.filter { half.contains($0.key) }, settled, &leftovers)
                return try await isolate(folds.filter { !half.contains($0.key) }, settled, &leftovers)
            }
            for fold in folds.values { giveUp(fold, error, &leftovers) }
        }
    }

    /// Decides about the deliveries of a stream that fails by itself.
    private func giveUp(_ fold: StreamFold<P>, _ error: any Error, _ leftovers: inout Leftovers) {
        if let malformed = error as? MalformedEvent {
            // Deliveries are read before they get here: this is what the event store has before them.
            let cause = MalformedEvent(.missingVersions, "an earlier version cannot be read: \(malformed)")
            leftovers.letters += fold.deliveries.map { DeadLetter($0, cause) }
        } else {
            leftovers.add(fold.deliveries, failedOf: error, retryLimit: subscription.retryLimit)
            logger.error("events of one stream cannot be applied", metadata: ["error": "\(SafeText.of(error))"])
        }
    }

    /// Applies the events of all streams in one bulk, loads what has moved on, fills gaps a page at a time, and goes on
    /// until all are applied. A shutdown leaves those behind a gap to whoever is next: a gap may be long.
    ///
    /// - Parameters:
    ///   - folds: what is done is taken out, so that a repeat after a failure does only the rest.
    ///   - settled: gets what is done.
    ///   - leftovers: gets what cannot be applied.
    private func apply(
        _ folds: inout [StreamID: StreamFold<P>], _ settled: SettledDeliveries, _ leftovers: inout Leftovers
    ) async throws {
        // A stream that begins in this batch most likely has no document: writing without a look saves a round
        // trip for every new entity, and when it is wrong the write is refused and the document is loaded below.
        var toLoad = Set(folds.filter { !$0.value.startsAtBeginning }.keys)
        /// As they are stored, as far as is known.
        var documents: [StreamID: P.Document] = [:]
        /// How often a stream was overtaken.
        var losses: [StreamID: Int] = [:]
        /// Those whose documents were just made of what the event store has.
        var verified: Set<StreamID> = []
        while !folds.isEmpty {
            if !toLoad.isEmpty {
                let loaded = try await model.load(toLoad)
                for stream in toLoad { documents[stream] = loaded[stream] }
            }
            let outcomes = folds.map { stream, fold in
                (
                    stream: stream,
                    outcome: fold.apply(
                        stream: stream, to: documents[stream], isVerified: verified.contains(stream))
                )
            }
            let changes = outcomes.compactMap(\.outcome.change)
            let lost = changes.isEmpty ? [] : try await model.write(changes)
            if !changes.isEmpty { onStep(.written) }
            for (stream, outcome) in outcomes where !lost.contains(stream) {
                folds[stream] = outcome.rest.isEmpty ? nil : outcome.rest
                documents[stream] = outcome.document
                note(outcome, of: stream, settled, &leftovers)
            }
            settled.flush()
            let contradicted = Set(
                outcomes.lazy.filter { $0.outcome.isContradicted && !lost.contains($0.stream) }.map(\.stream))
            for stream in contradicted {
                documents[stream] = try await remake(stream, documents[stream])
                settled.add(
                    [], of: ChangeNotice(stream: stream, age: documents[stream].map { DocumentAge($0) }))
                verified.insert(stream)
            }
            toLoad = lost
            for stream in lost {
                losses[stream, default: 0] += 1
                guard let fold = folds[stream], losses[stream, default: 0] >= RepeatedlyOvertaken.limit else {
                    continue
                }
                giveUp(fold, RepeatedlyOvertaken(), &leftovers)
                folds[stream] = nil
                toLoad.remove(stream)
            }
            // Whatever else is left is behind a gap.
            if folds.count > toLoad.count + contradicted.count {
                guard !Task.isShuttingDownGracefully else { return }
                try await fillGaps(of: &folds, after: documents, except: toLoad.union(contradicted), &leftovers)
            }
        }
    }

    /// Notes what has become durable of a stream.
    private func note(
        _ outcome: StreamFold<P>.Outcome, of stream: StreamID, _ settled: SettledDeliveries,
        _ leftovers: inout Leftovers
    ) {
        if outcome.change != nil || !outcome.settled.isEmpty {
            settled.add(
                outcome.settled, of: ChangeNotice(stream: stream, age: outcome.document.map { DocumentAge($0) }))
        }
        leftovers.letters += outcome.letters
        stopped.reached(outcome.document?.version ?? 0, of: stream)
        metrics.count(applied: outcome.applied, healed: outcome.healed, ignored: outcome.ignored)
    }

    /// Makes a document anew from all its stream's events: an event says that it was made of others.
    ///
    /// So it is after the event store was restored from a backup, or when a message comes from before that. The version may
    /// go down by it. Documents that are right stay as they are.
    ///
    /// - Returns: the document, as it is stored now.
    private func remake(_ stream: StreamID, _ stored: P.Document?) async throws -> P.Document? {
        var stored = stored
        for _ in 1...RepeatedlyOvertaken.limit {
            var fold = EventFold<P>(nil)
            var last: Int64 = 0
            var page: [RecordedEvent] = []
            repeat {
                page = try await gapReader.history.read(stream, after: last, limit: 500)
                for event in page { fold.add(event) }
                last = page.last?.version ?? last
            } while page.count == 500
            // A stream without events, or with one that cannot be applied, is for the audit to tell.
            guard !fold.isStopped, let document = fold.document, document != stored else { return stored }
            let change = ReadModelChange(
                stream: stream, baseVersion: stored?.version ?? 0, document: document, entries: fold.entries,
                isWhole: true)
            if try await model.write([change]).isEmpty {
                metrics.countContradiction()
                logger.error(
                    "a document was not made of the events in the event store, and is made anew",
                    metadata: [
                        "stream": "\(stream)", "version-before": "\(stored?.version ?? 0)",
                        "version": "\(document.version)",
                    ])
                return document
            }
            stored = try await model.load([stream])[stream]
        }
        throw RepeatedlyOvertaken()
    }

    /// Reads the next of what is missing before the streams' events.
    private func fillGaps(
        of folds: inout [StreamID: StreamFold<P>], after documents: [StreamID: P.Document], except lost: Set<StreamID>,
        _ leftovers: inout Leftovers
    ) async throws {
        var gaps: [StreamID: ClosedRange<Int64>] = [:]
        for (stream, fold) in folds where !lost.contains(stream) { gaps[stream] = fold.gap(after: documents[stream]) }
        for (stream, page) in try await gapReader.read(gaps) {
            guard let gap = gaps[stream], var fold = folds[stream] else { continue }
            leftovers.letters += fold.fill(gap, with: page)
            folds[stream] = fold.isEmpty ? nil : fold
        }
    }
}
