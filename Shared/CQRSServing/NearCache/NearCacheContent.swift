// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// What a near cache makes of documents, and what they are looked up by.
public struct NearCacheContent<Document: ReadModelDocument, Answer: Sendable>: Sendable {
    let field: ReadModelField<Document>?
    let stream: @Sendable (Document) -> StreamID?
    let answer: @Sendable (Document) -> (value: Answer, sizeBytes: Int)?

    /// Describes a cache's content.
    ///
    /// - Parameters:
    ///   - field: the field that documents are looked up by, one at a time; `nil` where they are found by their streams alone.
    ///   - stream: the stream that a document belongs to; `nil` for a document that makes no sense.
    ///   - answer: what is answered, ready to be sent, and the memory it takes in bytes; `nil` for a document that is not
    ///     shown, such as what a deleted entity leaves.
    public init(
        lookup field: ReadModelField<Document>?, stream: @escaping @Sendable (Document) -> StreamID?,
        answer: @escaping @Sendable (Document) -> (value: Answer, sizeBytes: Int)?
    ) {
        self.field = field
        self.stream = stream
        self.answer = answer
    }

    /// What a document is found by; without a field its stream's name.
    func key(of document: Document, _ stream: StreamID) -> String? {
        field.map { $0.value(document) } ?? stream.name
    }
}

/// Where an answer came from.
public enum AnswerOrigin: Sendable, Equatable {
    /// The cache.
    case cache
    /// The read model: it was not in the cache.
    case readModel
    /// The read model: the cache cannot be relied on at the moment.
    case bypass
    /// The cache, although it cannot be relied on, since the read model cannot be reached; and for how long that
    /// has been so.
    case stale(for: Duration)
}

/// An answer from a near cache.
public struct NearCacheAnswer<Answer: Sendable>: Sendable {
    /// Where an answer came from.
    public typealias Origin = AnswerOrigin

    /// The stream it shows.
    public let stream: StreamID
    /// The version of the last event it reflects.
    public let version: Int64
    /// What to answer.
    public let answer: Answer
    /// Where it came from.
    public let origin: Origin
}

/// What came of waiting for a version.
public enum VersionedAnswer<Answer: Sendable>: Sendable {
    /// It is there.
    case found(NearCacheAnswer<Answer>)
    /// The stream has the version, and is not to be found under this key any more.
    case elsewhere
    /// It was not there in time.
    case notYetVisible
}
