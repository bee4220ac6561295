// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Logging
import Synchronization
import TestSupport
import Tracing

@testable import OTLPTracing

let quietLogger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

/// A tracer and what it records.
struct Recorder {
    let tracer: OTLPTracer
    let queue: SpanQueue

    init(_ sampler: Sampler = .parentBasedAlwaysOn, limits: SpanLimits = SpanLimits()) {
        queue = SpanQueue(BatchLimits())
        tracer = OTLPTracer(sampler: sampler, limits: limits, queue: queue)
    }

    /// What a body makes of a span, which ends behind it; `nil` when it is not recorded.
    func recorded(_ body: (OTLPSpan) -> Void) -> SpanData? {
        let span = tracer.startSpan("span", context: .topLevel)
        body(span)
        span.end()
        return queue.take().first
    }
}

/// Header fields.
struct Fields: Extractor, Injector {
    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }

    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
}

/// Answers as it was told, one after the other, and then that all is well.
final class ScriptedSender: SpanSender {
    private let answers: Mutex<[SendOutcome]>
    let batches = Collected<[String]>()

    init(_ answers: SendOutcome...) { self.answers = Mutex(answers) }

    func send(_ batch: [SpanData], within limit: Duration) async -> SendOutcome {
        batches.add(batch.map(\.name))
        return answers.withLock { $0.isEmpty ? .taken(nil) : $0.removeFirst() }
    }
}

/// A span of this name that has ended.
func endedSpan(_ name: String) -> SpanData {
    SpanData(
        name: name, kind: .internal,
        context: SpanContext(
            traceID: TraceID(high: 1, low: 2), spanID: SpanID(value: 3), isSampled: true, state: TraceState(),
            isRemote: false),
        parent: nil, start: 1, end: 2)
}
