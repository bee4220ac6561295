// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Synchronization

/// Makes identifiers of traces and spans. Every request has some, recorded or not; the system's generator would ask the
/// kernel for each number.
final class IdentifierSource: Sendable {
    private let numbers = Mutex(SplitMix(seed: .random(in: 0 ... .max)))

    /// The identifiers of a span.
    ///
    /// - Parameter trace: the trace it belongs to; `nil` for a new one.
    func next(in trace: TraceID?) -> (TraceID, SpanID) {
        numbers.withLock { numbers in (trace ?? .random(&numbers), .random(&numbers)) }
    }
}
