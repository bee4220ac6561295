// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import GraphQL
internal import Synchronization

/// What came of reading and validating documents, for the next request with the same text. What clients send are few texts; the
/// values that differ are variables.
///
/// What a rule or a limit refuses is kept, too: to find out costs most. What is no document is cheap to refuse, and could be
/// anything.
final class DocumentCache: Sendable {
    private typealias Outcome = Result<ExecutableDocument, GraphQLErrors>

    /// The memory that all may take, in bytes, about.
    private static let capacityBytes = 16 << 20

    private let outcomes = Mutex(SieveCache<Outcome>(capacity: capacityBytes))
    private let longest: Int
    private let metrics: GraphQLMetrics

    /// - Parameter longest: the length of a text, in bytes, beyond which it is never a document: it is not even looked for.
    init(longest: Int, metrics: GraphQLMetrics) {
        self.longest = longest
        self.metrics = metrics
    }

    /// The document of a text.
    ///
    /// - Parameter read: reads and validates it.
    /// - Throws: what `read` throws, now or before.
    func document(
        _ text: String, _ read: (String) throws(GraphQLErrors) -> ExecutableDocument
    ) throws(GraphQLErrors) -> ExecutableDocument {
        guard text.utf8.count <= longest else { return try read(text) }
        if let kept = outcomes.withLock({ $0.hit(text) }) {
            metrics.countHit()
            return try kept.get()
        }
        metrics.countMiss()
        let outcome = Result { () throws(GraphQLErrors) in try read(text) }
        if let cost = Self.cost(of: outcome, for: text) {
            let bytes = outcomes.withLock { outcomes in
                _ = outcomes.store(outcome, for: text, cost: cost)
                return outcomes.cost
            }
            metrics.report(documentBytes: bytes)
        }
        return try outcome.get()
    }

    /// The text, and a tree that has some 250 bytes for each of its words, which is an estimate, by words of four letters; or the
    /// errors. `nil` for what is not kept.
    private static func cost(of outcome: Outcome, for text: String) -> Int? {
        switch outcome {
        case .success:
            return 1024 + 64 * text.utf8.count
        case .failure(let refusal):
            if case .syntax? = refusal.errors.first?.kind { return nil }
            return refusal.errors.reduce(1024 + text.utf8.count) { bytes, error in
                bytes + 256 + error.message.utf8.count + 16 * error.locations.count
            }
        }
    }
}
