// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import GraphQL
internal import Synchronization

/// Documents that have been read and validated, for the next request with the same text. What clients send are few texts; the
/// values that differ are variables.
///
/// What is not valid is not kept: it could be anything.
final class DocumentCache: Sendable {
    /// The memory that all may take, in bytes, about.
    private static let capacityBytes = 16 << 20

    private let documents = Mutex(SieveCache<ExecutableDocument>(capacity: capacityBytes))
    private let metrics: GraphQLMetrics

    init(metrics: GraphQLMetrics) { self.metrics = metrics }

    /// The document of a text.
    ///
    /// - Parameter read: reads and validates it.
    /// - Throws: what `read` throws.
    func document(
        _ text: String, _ read: (String) throws(GraphQLErrors) -> ExecutableDocument
    ) throws(GraphQLErrors) -> ExecutableDocument {
        if let kept = documents.withLock({ $0.hit(text) }) {
            metrics.countHit()
            return kept
        }
        metrics.countMiss()
        let document = try read(text)
        let bytes = documents.withLock { documents in
            _ = documents.store(document, for: text, cost: Self.cost(of: text))
            return documents.cost
        }
        metrics.report(documentBytes: bytes)
        return document
    }

    /// The text, and a tree that has some 250 bytes for each of its words: an estimate, by words of four letters.
    private static func cost(of text: String) -> Int { 1024 + 64 * text.utf8.count }
}
