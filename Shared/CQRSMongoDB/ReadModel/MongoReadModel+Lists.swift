// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import CQRSServing
internal import MongoDB

extension MongoReadModel: ReadModelListing {
    /// The documents that have a value in a field, in order, from the field's index alone: neither the documents before
    /// the page nor those without a value, such as tombstones, are looked at.
    ///
    /// - Throws: ``MongoError``; `unavailable` while there is no index for the field, because nobody has called
    ///   ``prepare()`` yet: looking through everything instead would be answered by no one in time.
    public func page(
        by field: ReadModelField<Document>, prefix: String, after position: ReadModelPosition?, limit: Int
    ) async throws -> ReadModelPage<Document> {
        // One more tells whether there is a next page.
        let found = try await find(ListQuery(field: field.name, prefix: prefix, after: position), limit: limit + 1)
        var entries: [ReadModelPage<Document>.Entry] = []
        for stored in found {
            guard let stream = stored[Self.streamField]?.stringValue.flatMap({ StreamID($0) }) else { continue }
            let document = try BSONDecoder().decode(Document.self, from: stored)
            entries.append(ReadModelPage.Entry(stream: stream, document: document))
        }
        return ReadModelPage(entries, limit: limit, by: field)
    }

    private func find(_ query: ListQuery, limit: Int) async throws(MongoError) -> [BSONDocument] {
        let cursor = collection.find(query.filter, sort: query.sort, limit: limit, batchSize: limit, hint: query.hint)
        do {
            return try await cursor.toArray()
        } catch {
            guard error.serverCode == ListQuery.badHint else { throw error }
            throw MongoError(.unavailable, "there is no index for this list yet", serverCode: error.serverCode)
        }
    }
}
