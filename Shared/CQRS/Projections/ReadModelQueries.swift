// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A read model as queries see it.
public protocol ReadModelQueries<Document>: Sendable {
    /// What is kept for one stream.
    associatedtype Document: ReadModelDocument

    /// The documents that exist.
    ///
    /// - Throws: an error with a ``FailureCategory``; nothing was read.
    func load(_ streams: Set<StreamID>) async throws -> [StreamID: Document]

    /// The document with a value in a field; of several, the one whose last event was recorded last.
    ///
    /// Where only one stream may have the value at a time, there are several for a moment after it has passed from one
    /// to another: while the document of the first does not reflect that yet. Its last event is then from before the
    /// value was given up, and that of the other from after it was taken.
    ///
    /// - Throws: an error with a ``FailureCategory``.
    func first(where field: ReadModelField<Document>, equals value: String) async throws -> Document?
}
