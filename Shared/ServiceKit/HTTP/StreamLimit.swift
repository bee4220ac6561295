// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Metrics
internal import Synchronization

/// How many answers without an end there may be at the same time: each takes a connection for as long as its client
/// likes, and must not take them all.
final class StreamLimit: Sendable {
    private let limit: Int
    private let open = Atomic<Int>(0)
    private let factory: any MetricsFactory

    init(limit: Int, factory: any MetricsFactory) {
        self.limit = limit
        self.factory = factory
    }

    /// Takes a place for a stream.
    ///
    /// - Throws: 503 `unavailable` with `Retry-After`.
    func take() throws(ProblemDetails) -> StreamPlace {
        // Made with the first stream: a service without any has none of these.
        let gauge = Meter(label: "http_streams_open", factory: factory)
        let refused = Counter(label: "http_streams_refused", factory: factory)
        guard open.wrappingAdd(1, ordering: .relaxed).newValue <= limit else {
            open.wrappingSubtract(1, ordering: .relaxed)
            refused.increment()
            throw .unavailable(retryAfter: .seconds(5), detail: "too many streams are open")
        }
        gauge.increment()
        return StreamPlace { [self] in
            open.wrappingSubtract(1, ordering: .relaxed)
            gauge.decrement()
        }
    }
}
