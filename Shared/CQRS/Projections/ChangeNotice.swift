// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// That a stream's document has changed, and what it is at least by now; not what is in it.
public struct ChangeNotice: Sendable, Equatable {
    /// The stream it belongs to.
    public let stream: StreamID
    /// How recent the document is; `nil` when it was removed.
    public let age: DocumentAge?

    /// Describes a change.
    public init(stream: StreamID, age: DocumentAge?) {
        self.stream = stream
        self.age = age
    }
}

/// Tells those who keep answers, or wait for a version, which documents of one read model's generation have changed.
///
/// Whoever writes documents that are being read tells of it *afterwards*, and before giving away what would make somebody
/// else write and tell the same again: so a projector acknowledges no event before it has told of its stream.
public protocol ChangeNotices: Sendable {
    /// Returns once everybody who follows has been told, or will have to begin anew.
    ///
    /// - Throws: an error with a ``FailureCategory``; some may have been told. Repeating is harmless.
    func tell(_ notices: [ChangeNotice]) async throws
}

/// For documents that nobody follows.
public struct NobodyToTell: ChangeNotices {
    /// Tells nobody.
    public init() {}

    /// Does nothing.
    public func tell(_ notices: [ChangeNotice]) async throws {}
}
