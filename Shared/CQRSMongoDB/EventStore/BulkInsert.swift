// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials
internal import Logging
internal import MongoDB
internal import Tracing

/// One attempt to insert a bulk of appends, and what follows from the server's answer for each.
///
/// An append whose answer is lost is doubtful from then on, and inserted again until there is an answer: its `_id` makes
/// that harmless. What the server refuses as a duplicate has run into a claim, into another event of its stream and version,
/// or, if it is doubtful, into itself: which of them is looked up (``CollisionLookup``), and tells by the event's identifier.
/// So it is for answers that have no event (``AnswerDocument``).
struct BulkInsert: Sendable {
    typealias Queue = GroupCommit.Queue

    /// The longest wait for the server.
    private static let timeout = Duration.seconds(6)

    let collection: MongoCollection
    let logger: Logger
    let tracer: (any Tracer)?

    /// Inserts a batch, and says what became of each append in it.
    func commit(_ batch: [Queue.Entry]) async -> BulkVerdict {
        guard
            let span = tracer?.startSpan(
                "insert \(collection.name)", ofKind: .client, from: batch.lazy.map(\.document.traceParent))
        else { return await insert(batch) }
        defer { span.end() }
        span.describe("insert", on: collection, count: batch.count)
        let verdict = await insert(batch)
        // What is tried again has not failed yet.
        for resolution in verdict.resolutions {
            if case .failure(let error) = resolution.result { span.fail(error) }
        }
        return verdict
    }

    private func insert(_ batch: [Queue.Entry]) async -> BulkVerdict {
        var verdict = BulkVerdict()
        CommitMetrics.shared.countBatch(batch.count)
        let result: BulkWriteResult
        do {
            result = try await collection.bulkWrite(
                batch.map { .insertOne($0.document.document) }, ordered: false, timeout: Self.timeout)
        } catch {
            logger.warning("a bulk of appends failed", metadata: ["error": "\(error)", "appends": "\(batch.count)"])
            verdict.isFailure = true
            for entry in batch { if error.outcomeUnknown { verdict.doubt(entry) } else { verdict.fail(entry, error) } }
            return verdict
        }
        let errors = Dictionary(result.writeErrors.map { ($0.index, $0) }) { first, _ in first }
        var collisions: [(Queue.Entry, BulkWriteError)] = []
        for (index, entry) in batch.enumerated() {
            if let error = errors[index] {
                if error.code == .duplicateKey, result.writeConcernError != nil {
                    // What it ran into may be its own first attempt, which majority reads do not show yet.
                    verdict.again.append(entry)
                } else if error.code == .duplicateKey {
                    collisions.append((entry, error))
                } else {
                    verdict.fail(entry, error)
                }
            } else if result.writeConcernError != nil {
                // Applied, but not yet where it survives the loss of a server.
                verdict.doubt(entry)
            } else {
                verdict.settle(entry, .appended)
            }
        }
        if let error = result.writeConcernError {
            logger.warning("appends are not confirmed", metadata: ["error": "\(error)"])
            verdict.isFailure = true
        }
        if !collisions.isEmpty { await resolve(collisions, &verdict) }
        return verdict
    }

    /// Finds out what those that the server refused as duplicates ran into.
    private func resolve(
        _ collisions: [(entry: Queue.Entry, error: BulkWriteError)], _ verdict: inout BulkVerdict
    ) async {
        let lookup: CollisionLookup
        do {
            lookup = try await CollisionLookup(
                own: collisions.filter(\.entry.isDoubtful).map(\.entry.document),
                claims: collisions.compactMap { Self.claim(in: $0.error) }, in: collection)
        } catch {
            verdict.isFailure = true
            for (entry, _) in collisions { verdict.fail(entry, error) }
            return
        }
        for (entry, error) in collisions {
            if lookup.holds(entry.document) {
                verdict.settle(entry, .appended)
            } else if let claim = Self.claim(in: error) {
                if let holder = lookup.holders[claim] {
                    verdict.settle(entry, .claimTaken(claim, by: holder))
                } else {
                    // Released meanwhile.
                    verdict.again.append(entry)
                }
            } else if entry.isDoubtful, !lookup.hasOther(entry.document) {
                // Its own first attempt perhaps, and not yet where majority reads see it.
                verdict.again.append(entry)
            } else {
                verdict.settle(entry, .versionConflict)
            }
        }
    }

    /// The claim that was taken, unless the collision was about stream and version.
    private static func claim(in error: BulkWriteError) -> Claim? {
        guard error.keyPattern?[EventDocument.id] == nil else { return nil }
        return error.keyValue?[EventDocument.claims]?.stringValue.map { Claim(stored: $0) }
    }
}
