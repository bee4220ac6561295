// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials
internal import MongoDB

/// Idempotency keys: claims like any other, so that they are found and taken by the same index.
extension MongoEventStore: IdempotencyStore {
    /// Takes a key for an answer without an event, together with appends that come at the same time.
    ///
    /// - Throws: ``AppendOutcomeUnknown``; after a ``MongoError`` nothing was remembered.
    public func remember(_ answer: UnchangedAnswer, urgency: AppendUrgency) async throws -> AppendOutcome {
        try await commits.append(AnswerDocument.encode(answer, urgency))
    }

    /// What a key was used for.
    ///
    /// - Throws: ``MongoError``; ``MalformedEvent``.
    public func use(of key: IdempotencyKey) async throws -> KeyUse? {
        guard let found = try await events.findOne([EventDocument.claims: .string(Claim(key).text)]) else { return nil }
        return AnswerDocument.isOne(found)
            ? .unchanged(try AnswerDocument.decode(found)) : .event(try EventDocument.decode(found).last)
    }

    /// Frees a key. An answer goes with it, events stay.
    ///
    /// - Throws: ``MongoError``.
    public func forget(_ key: IdempotencyKey, used use: KeyUse) async throws {
        switch use {
        case .event(let event): try await release([Claim(key)], of: event.stream, through: event.version)
        case .unchanged(let answer):
            _ = try await events.deleteOne([EventDocument.id: .string(AnswerDocument.id(answer))])
        }
    }

    /// Frees keys that were used before a moment, walking along the index over claims.
    ///
    /// - Throws: ``MongoError``; ``MalformedEvent``.
    public func forgetKeys(
        usedBefore time: Timestamp, after position: Claim?, limit: Int
    ) async throws -> (forgotten: Int, next: Claim?) {
        let start = position?.text ?? "\(Claim.idempotency):"
        // One element in the range, not two that are each on one side of it; `;` follows `:`.
        let range: BSONValue = ["$elemMatch": ["$gt": .string(start), "$lt": .string("\(Claim.idempotency);")]]
        // Without a sort the answer is in the order of the index that it comes from.
        let page = try await events.find(
            [EventDocument.claims: range],
            projection: [
                EventDocument.claims: 1, EventDocument.recordedAt: 1, EventDocument.stream: 1, EventDocument.version: 1,
            ], limit: limit, batchSize: limit, hint: [EventDocument.claims: 1]
        ).toArray()
        var steps: [MongoWrite] = []
        var forgotten = 0
        for document in page {
            guard let claim = key(document), try StoredFields(document).time(EventDocument.recordedAt) < time else {
                continue
            }
            forgotten += 1
            if AnswerDocument.isOne(document), let id = document[EventDocument.id] {
                steps.append(.deleteOne(filter: [EventDocument.id: id]))
            } else {
                let fields = StoredFields(document)
                steps += try releaseSteps(
                    claim, of: try fields.read(EventDocument.stream) { StreamID($0) },
                    through: try fields.integer(EventDocument.version))
            }
        }
        try await write(steps)
        return (forgotten, page.count < limit ? nil : page.last.flatMap(key))
    }

    private func key(_ document: BSONDocument) -> Claim? {
        document[EventDocument.claims]?.arrayValue?.values.compactMap(\.stringValue).map { Claim(stored: $0) }
            .first { $0.isOfKind(Claim.idempotency) }
    }
}
