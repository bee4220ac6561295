// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import GraphQL
internal import Metrics

/// What is measured of requests besides what is of all of HTTP's: those have their statuses and durations already.
struct GraphQLMetrics: Sendable {
    private let hits: Counter
    private let misses: Counter
    private let bytes: Gauge
    private let failures: [FailureKind: Counter]

    init(factory: any MetricsFactory) {
        hits = Counter(label: "graphql_document_cache_hits", factory: factory)
        misses = Counter(label: "graphql_document_cache_misses", factory: factory)
        bytes = Gauge(label: "graphql_document_cache_bytes", factory: factory)
        failures = Dictionary(
            uniqueKeysWithValues: FailureKind.allCases.map { kind in
                (kind, Counter(label: "graphql_failures", dimensions: [("kind", kind.rawValue)], factory: factory))
            })
    }

    /// A document that was kept, or a refusal.
    func countHit() { hits.increment() }

    /// A document that had to be read.
    func countMiss() { misses.increment() }

    /// What the documents that are kept take.
    func report(documentBytes: Int) { bytes.record(documentBytes) }

    /// A request with errors. All of a request's errors are of one kind.
    func count(_ errors: [GraphQLError]) {
        if let error = errors.first { failures[FailureKind(error.kind)]?.increment() }
    }

    private enum FailureKind: String, CaseIterable {
        case syntax, limit, validation, request, field

        init(_ kind: GraphQLError.Kind) {
            self =
                switch kind {
                case .syntax: .syntax
                case .limit, .answerLimit: .limit
                case .validation: .validation
                case .request: .request
                case .field: .field
                }
        }
    }
}
