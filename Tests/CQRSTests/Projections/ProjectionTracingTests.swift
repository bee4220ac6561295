// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Testing
import Tracing

@testable import OTLPTracing

@Suite("A projector that is traced", .timeLimit(.minutes(1)))
struct ProjectionTracingTests {
    private let broker = InMemoryBroker()
    private let queue = SpanQueue(BatchLimits())

    private func event(_ traceparent: String?, type: String = "count.added") -> RecordedEvent {
        var event = RecordedEvent.count(makeStream(), 1, adding: 1)
        event.type = type
        event.metadata.traceparent = traceparent
        return event
    }

    private func traceparent(_ digit: Int, isSampled: Bool = true) -> String {
        "00-\(String(repeating: "\(digit)", count: 32))-\(String(repeating: "\(digit)", count: 16))-0\(isSampled ? 1 : 0)"
    }

    /// The spans of one batch.
    private func spans(of events: [RecordedEvent]) async throws -> [SpanData] {
        for event in events { await broker.publish(event) }
        broker.end()
        let tracer = OTLPTracer(sampler: .parentBasedAlwaysOn, limits: SpanLimits(), queue: queue)
        try await Projector(
            CountProjection.self, name: "test", subscription: broker.subscribe(), history: InMemoryEventStore(),
            model: InMemoryReadModel<Count>(), batchSize: 100,
            tracing: ProjectionTracing(tracer: tracer, system: "test", destination: "counts"), logger: quietLogger
        ).run()
        return queue.take()
    }

    @Test("has a span for a batch, in the trace of the first event that is recorded, with a link to each")
    func batch() async throws {
        let spans = try await spans(
            of: [
                event(traceparent(1, isSampled: false)), event(traceparent(2)), event(nil), event(traceparent(3)),
            ])
        try #require(spans.count == 1)
        #expect((spans[0].name, spans[0].kind) == ("process counts", .consumer))
        #expect(spans[0].parent?.traceParent == traceparent(2))
        #expect(spans[0].links.map(\.context.traceParent) == [traceparent(2), traceparent(3)])
        #expect(spans[0].attributes.values.get("messaging.batch.message_count") == 4)
        #expect(spans[0].status == nil)
    }

    @Test("has no link for an event alone, which is the parent")
    func alone() async throws {
        let spans = try await spans(of: [event(traceparent(2))])
        #expect(spans.map(\.parent?.traceParent) == [traceparent(2)])
        #expect(spans.first?.links.isEmpty == true)
    }

    @Test("has no span where no event is recorded")
    func unrecorded() async throws {
        #expect(try await spans(of: [event(nil), event(traceparent(1, isSampled: false)), event("01")]).isEmpty)
    }

    @Test("has an error for a dead letter, with its reason")
    func deadLetter() async throws {
        let spans = try await spans(of: [
            event(traceparent(2), type: "count.added"), event(traceparent(3), type: "odd"),
        ])
        #expect(broker.deadLetters.count == 1)
        #expect(spans.first?.status?.code == .error)
        #expect(spans.first?.attributes.values.get("error.type") == "unknown-type")
    }
}
