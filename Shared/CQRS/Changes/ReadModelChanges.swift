// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The changes of a read model's documents, as they happen.
public protocol ReadModelChanges<Document>: Sendable {
    /// What is kept for one stream.
    associatedtype Document: ReadModelDocument

    /// Tells an observer of all changes from now on, those of one stream in order and none twice, until the task is
    /// cancelled or a change may have been missed.
    ///
    /// Interruptions that miss nothing are no reason to end; while one lasts, the status is ``FeedStatus/broken``.
    ///
    /// - Parameter observer: told from one task, one call after the other.
    /// - Throws: an error with a ``FailureCategory``: nothing more comes from this call.
    func follow(_ observer: some ReadModelObserver<Document>) async throws
}

/// Who is told of a read model's changes.
public protocol ReadModelObserver<Document>: Sendable {
    /// What is kept for one stream.
    associatedtype Document: ReadModelDocument

    /// The feed is open: everything that happens from now on will be told, and what is read from now on cannot be older
    /// than what was told before.
    ///
    /// - Parameter status: tells at any time whether the feed keeps up. Cheap, and takes no communication.
    func opened(_ status: @escaping @Sendable () -> FeedStatus)

    /// A document was written or removed.
    func changed(_ change: DocumentChange<Document>)
}

/// Whether a feed keeps up.
public enum FeedStatus: Sendable, Equatable {
    /// All changes up to a moment ago have been told.
    case following
    /// It is cut off, silent, or has yet to tell what happened meanwhile.
    case broken
}

/// What became of a stream's document.
public struct DocumentChange<Document: ReadModelDocument>: Sendable, Equatable {
    /// The stream it belongs to.
    public let stream: StreamID
    /// The document, or `nil` when it was removed.
    public let document: Document?

    /// Describes a change.
    public init(stream: StreamID, document: Document?) {
        self.stream = stream
        self.document = document
    }
}
