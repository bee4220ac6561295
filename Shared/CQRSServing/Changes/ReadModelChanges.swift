// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// The changes of a read model's documents, as they happen.
public protocol ReadModelChanges<Document>: Sendable {
    /// What is kept for one stream.
    associatedtype Document: ReadModelDocument

    /// Tells an observer of all changes after a position, those of one stream in order and none twice, until the task is
    /// cancelled or a change may have been missed.
    ///
    /// Interruptions that miss nothing are no reason to end; while one lasts, the status is ``FeedStatus/broken``.
    ///
    /// - Parameters:
    ///   - observer: told from one task, one call after the other.
    ///   - position: where to begin; `nil` for now.
    /// - Throws: ``LostFeedPosition``; another error with a ``FailureCategory``: nothing more comes from this call.
    func follow(_ observer: some ReadModelObserver<Document>, after position: FeedPosition?) async throws

    /// The changes after a position that have happened by now, for who cannot keep up with a feed.
    ///
    /// - Parameter limit: how many at most, from 1; then the page ends at the last of them.
    /// - Throws: ``LostFeedPosition``; another error with a ``FailureCategory``.
    func changes(after position: FeedPosition, limit: Int) async throws -> ChangePage<Document>
}

extension ReadModelChanges {
    /// Tells an observer of all changes from now on.
    ///
    /// - Throws: an error with a ``FailureCategory``: nothing more comes from this call.
    public func follow(_ observer: some ReadModelObserver<Document>) async throws {
        try await follow(observer, after: nil)
    }
}

/// Who is told of a read model's changes.
public protocol ReadModelObserver<Document>: Sendable {
    /// What is kept for one stream.
    associatedtype Document: ReadModelDocument

    /// The feed is open: everything that happens from now on will be told, and what is read from now on cannot be older
    /// than what was told before.
    func opened(_ feed: OpenFeed)

    /// A document was written or removed.
    ///
    /// - Parameter position: behind this change.
    func changed(_ change: DocumentChange<Document>, at position: FeedPosition)
}

/// What a feed says of itself while it is open. Cheap, and takes no communication.
public struct OpenFeed: Sendable {
    /// Whether the feed keeps up.
    public let status: @Sendable () -> FeedStatus
    /// Where the feed is: behind the last change that the observer was told, and behind what was none of its changes.
    public let position: @Sendable () -> FeedPosition

    /// Describes a feed.
    public init(status: @escaping @Sendable () -> FeedStatus, position: @escaping @Sendable () -> FeedPosition) {
        self.status = status
        self.position = position
    }
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

/// Changes that have happened, in order.
public struct ChangePage<Document: ReadModelDocument>: Sendable {
    /// The changes, each with the position behind it.
    public let changes: [(change: DocumentChange<Document>, position: FeedPosition)]
    /// Behind the page.
    public let end: FeedPosition

    /// Describes a page.
    public init(changes: [(change: DocumentChange<Document>, position: FeedPosition)], end: FeedPosition) {
        self.changes = changes
        self.end = end
    }
}
