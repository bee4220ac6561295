// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// One change to a collection.
public struct MongoChangeEvent: Sendable {
    /// What happened.
    public enum Kind: String, Sendable {
        /// A document was inserted.
        case insert
        /// A document was changed by update operators.
        case update
        /// A document was replaced.
        case replace
        /// A document was deleted.
        case delete
        /// The collection was dropped.
        case drop
        /// The collection was renamed.
        case rename
        /// The database was dropped.
        case dropDatabase
        /// Nothing comes any more: the collection is gone.
        case invalidate
        /// Something that this client has no name for; see ``MongoChangeEvent/document``.
        case other
    }

    /// What happened.
    public let kind: Kind
    /// The `_id` of the document, if the event concerns one.
    public let documentID: BSONValue?
    /// The document: after an insert or replacement always; after an update only if `fullDocument` was asked for, and
    /// then as it is when the event is read, or `nil` if it is gone by then.
    public let fullDocument: BSONDocument?
    /// Opaque. Resuming after it gives what comes behind this event.
    public let resumeToken: BSONDocument
    /// When the server did it.
    public let clusterTime: BSONTimestamp?
    /// The whole event as the server sent it.
    public let document: BSONDocument

    init(_ document: BSONDocument) throws(MongoError) {
        self.document = document
        var kind: Kind?
        var id: BSONValue?
        var full: BSONDocument?
        var token: BSONDocument?
        var time: BSONTimestamp?
        for element in document {
            switch element.key {
            case "_id": token = try element.document()
            case "operationType": kind = Kind(rawValue: try element.string()) ?? .other
            case "documentKey": id = try element.document()["_id"]
            case "fullDocument": full = element.value.documentValue
            case "clusterTime": if case .timestamp(let value) = element.value { time = value }
            default: break
            }
        }
        guard let kind, let token else { throw MongoError(.invalidBSON, "a change event without type or token") }
        self.kind = kind
        documentID = id
        fullDocument = full
        resumeToken = token
        clusterTime = time
    }
}
