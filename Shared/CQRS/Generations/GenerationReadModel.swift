// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A read model as a rebuild needs it: one generation beside others.
public protocol GenerationReadModel<Document>: AuditableReadModel {
    /// The documents with a value in a field, at most a few: those whose last events were recorded last.
    ///
    /// - Throws: an error with a ``FailureCategory``.
    func matches(where field: ReadModelField<Document>, equals value: String) async throws -> [StreamID: Document]

    /// The streams that have a document, in order of their names, each with its document's version.
    ///
    /// - Parameters:
    ///   - stream: the last of the page before; `nil` for the first page.
    ///   - limit: the most to return, at least 1.
    /// - Throws: an error with a ``FailureCategory``.
    func versions(after stream: StreamID?, limit: Int) async throws -> [(stream: StreamID, version: Int64)]

    /// Deletes everything, if there is anything.
    ///
    /// - Throws: an error with a ``FailureCategory``.
    func drop() async throws
}
