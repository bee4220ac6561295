// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import MongoDB

/// What is in the store where appends ran into something.
struct CollisionLookup {
    /// Who holds the claims that are held.
    private(set) var holders: [Claim: StreamID] = [:]
    private var stored: [String: String] = [:]

    /// Looks everything up.
    ///
    /// - Parameters:
    ///   - own: documents that may be there already.
    ///   - claims: what was found taken.
    init(own: [NewDocument], claims: [Claim], in collection: MongoCollection) async throws(MongoError) {
        for document in try await Self.find(
            EventDocument.id, own.map(\.id), [EventDocument.eventID: 1], in: collection)
        {
            if let id = document[EventDocument.id]?.stringValue {
                stored[id] = document[EventDocument.eventID]?.stringValue ?? id
            }
        }
        let fields: BSONDocument = [EventDocument.claims: 1, EventDocument.stream: 1, AnswerDocument.answer: 1]
        for document in try await Self.find(EventDocument.claims, claims.map(\.text), fields, in: collection) {
            let stream = document[EventDocument.stream]?.stringValue.flatMap { StreamID($0) }
            guard let stream = stream ?? AnswerDocument.stream(document) else { continue }
            for claim in document[EventDocument.claims]?.arrayValue?.values.compactMap(\.stringValue) ?? [] {
                holders[Claim(stored: claim)] = stream
            }
        }
    }

    /// Whether the store has this very document.
    func holds(_ document: NewDocument) -> Bool { stored[document.id] == document.token }

    /// Whether the store has another document in its place. Known for those given as own.
    func hasOther(_ document: NewDocument) -> Bool { stored[document.id].map { $0 != document.token } ?? false }

    private static func find(
        _ field: String, _ values: [String], _ fields: BSONDocument, in collection: MongoCollection
    ) async throws(MongoError) -> [BSONDocument] {
        guard !values.isEmpty else { return [] }
        return try await collection.find(
            [field: ["$in": .array(BSONArray(values))]], projection: fields
        ).toArray()
    }
}
