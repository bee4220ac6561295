// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// A read model that can also be looked through in order, page by page.
public protocol ReadModelListing<Document>: ReadModelQueries {
    /// The documents that have a value in a field, in order of the values and, where these are equal, of the streams'
    /// names. Values are ordered by their UTF-8.
    ///
    /// Pages are stable while documents are written: one that stays as it is comes exactly once. One whose value changes
    /// meanwhile may come twice, or not at all.
    ///
    /// However many documents there are, a page costs about as much as it holds.
    ///
    /// - Parameters:
    ///   - field: one of the fields that the store keeps in order.
    ///   - prefix: what the values begin with; empty for all.
    ///   - position: the ``ReadModelPage/next`` of the page before; `nil` for the first page.
    ///   - limit: the most documents to return, at least 1.
    /// - Throws: an error with a ``FailureCategory``.
    func page(
        by field: ReadModelField<Document>, prefix: String, after position: ReadModelPosition?, limit: Int
    ) async throws -> ReadModelPage<Document>
}
