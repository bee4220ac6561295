// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
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
        let query = ListQuery(field: field.name, prefix: prefix, after: position)
        // One more tells whether there is a next page.
        let cursor = collection.find(
            query.filter, sort: query.sort, limit: limit + 1, batchSize: limit + 1, hint: query.hint)
        let found: [BSONDocument]
        do {
            found = try await cursor.toArray()
        } catch  where error.serverCode == ListQuery.badHint {
            throw MongoError(.unavailable, "there is no index for this list yet", serverCode: error.serverCode)
        }
        let entries = try found.compactMap { stored -> ReadModelPage<Document>.Entry? in
            guard let stream = stored[Self.streamField]?.stringValue.flatMap({ StreamID($0) }) else { return nil }
            return ReadModelPage.Entry(
                stream: stream, document: try BSONDecoder().decode(Document.self, from: stored))
        }
        return ReadModelPage(entries, limit: limit, by: field)
    }
}
