// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// One operation of ``MongoCollection/bulkWrite(_:ordered:timeout:)``.
public enum MongoWrite: Sendable {
    /// Inserts a document. Without an `_id` it gets an object identifier.
    case insertOne(BSONDocument)
    /// Changes the first document that matches, by update operators; with `upsert` inserts it when none does.
    case updateOne(filter: BSONDocument, update: BSONDocument, upsert: Bool = false)
    /// Changes the first document that matches, by the stages of a pipeline, which may compute from what it has; with `upsert`
    /// makes one when none does.
    case updateOneByPipeline(filter: BSONDocument, stages: BSONArray, upsert: Bool = false)
    /// Changes all documents that match, by update operators.
    case updateMany(filter: BSONDocument, update: BSONDocument, upsert: Bool = false)
    /// Replaces the first document that matches.
    case replaceOne(filter: BSONDocument, replacement: BSONDocument, upsert: Bool = false)
    /// Deletes the first document that matches.
    case deleteOne(filter: BSONDocument)
    /// Deletes all documents that match.
    case deleteMany(filter: BSONDocument)

    /// Keeps an update from replacing a document and the reverse, which the server would do without a word.
    func validate() throws(MongoError) {
        switch self {
        case .updateOne(_, let update, _), .updateMany(_, let update, _): try update.requireOperators()
        case .replaceOne(_, let replacement, _): try replacement.refuseOperators()
        case .updateOneByPipeline(_, let stages, _):
            // Without a stage it would be a replacement by nothing.
            guard !stages.document.isEmpty else { throw MongoError(.invalidArgument, "an update needs a stage") }
        case .insertOne, .deleteOne, .deleteMany: break
        }
    }
}

extension BSONDocument {
    func requireOperators() throws(MongoError) {
        guard !isEmpty, allSatisfy({ $0.key.hasPrefix("$") }) else {
            throw MongoError(.invalidArgument, "an update must consist of operators such as $set")
        }
    }

    func refuseOperators() throws(MongoError) {
        guard !contains(where: { $0.key.hasPrefix("$") }) else {
            throw MongoError(.invalidArgument, "a replacement must not contain operators")
        }
    }
}
