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
    ///   - own: appends that may have succeeded before.
    ///   - claims: what was found taken.
    init(own: [EventAppend], claims: [Claim], in collection: MongoCollection) async throws(MongoError) {
        let ids = own.map { EventDocument.id($0.event.stream, $0.event.version) }
        for document in try await Self.find(
            EventDocument.id, ids, [EventDocument.eventID: 1], in: collection)
        {
            if let id = document[EventDocument.id]?.stringValue {
                stored[id] = document[EventDocument.eventID]?.stringValue
            }
        }
        let fields: BSONDocument = [EventDocument.claims: 1, EventDocument.stream: 1]
        for document in try await Self.find(EventDocument.claims, claims.map(\.text), fields, in: collection) {
            guard let stream = document[EventDocument.stream]?.stringValue.flatMap({ StreamID($0) }) else { continue }
            for claim in document[EventDocument.claims]?.arrayValue?.values.compactMap(\.stringValue) ?? [] {
                holders[Claim(stored: claim)] = stream
            }
        }
    }

    /// Whether the store has this very event.
    func holds(_ append: EventAppend) -> Bool {
        stored[EventDocument.id(append.event.stream, append.event.version)] == append.event.id.description
    }

    /// Whether the store has another event in its place. Known for those given as own.
    func hasOther(_ append: EventAppend) -> Bool {
        stored[EventDocument.id(append.event.stream, append.event.version)].map { $0 != append.event.id.description }
            ?? false
    }

    private static func find(
        _ field: String, _ values: [String], _ fields: BSONDocument, in collection: MongoCollection
    ) async throws(MongoError) -> [BSONDocument] {
        guard !values.isEmpty else { return [] }
        return try await collection.find(
            [field: ["$in": .array(BSONArray(values))]], projection: fields
        ).toArray()
    }
}
