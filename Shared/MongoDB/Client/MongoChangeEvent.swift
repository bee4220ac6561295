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
    /// When the server did it.
    public let clusterTime: BSONTimestamp?
    /// The whole event as the server sent it.
    public let document: BSONDocument

    // Parts of the event's bytes: most readers need few of them, and each would be a copy.
    private let key: BSONView?
    private let full: BSONView?
    let token: BSONView

    init(_ document: BSONDocument) throws(MongoError) {
        self.document = document
        var kind: Kind?
        var key: BSONView?
        var full: BSONView?
        var token: BSONView?
        var time: BSONTimestamp?
        for element in document {
            if element.isKey("_id") {
                guard element.type == .document else { throw MongoError(.invalidBSON, "a token that is no document") }
                token = try element.view()
            } else if element.isKey("operationType") {
                kind = Kind(rawValue: try element.string()) ?? .other
            } else if element.isKey("documentKey") {
                guard element.type == .document else { throw MongoError(.invalidBSON, "a key that is no document") }
                key = try element.view()
            } else if element.isKey("fullDocument"), element.type == .document {
                full = try element.view()
            } else if element.isKey("clusterTime"), case .timestamp(let value) = element.value {
                time = value
            }
        }
        guard let kind, let token else { throw MongoError(.invalidBSON, "a change event without type or token") }
        self.kind = kind
        self.key = key
        self.full = full
        self.token = token
        clusterTime = time
    }

    /// The `_id` of the document, if the event concerns one.
    public var documentID: BSONValue? { key?.first { $0.isKey("_id") }?.value }

    /// The document: after an insert or replacement always; after an update only if `fullDocument` was asked for, and
    /// then as it is when the event is read, or `nil` if it is gone by then. Copied out.
    public var fullDocument: BSONDocument? { full?.document }

    /// Opaque. Resuming after it gives what comes behind this event.
    public var resumeToken: BSONDocument { token.document }
}
