// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Testing
import Tracing

@testable import CQRSUpkeep
@testable import OTLPTracing

@Suite("A rebuild that is traced", .timeLimit(.minutes(1)))
struct RebuildTracingTests {
    private let bench = RebuildBench()
    private let queue = SpanQueue(BatchLimits())
    private let origins = (1...5).map {
        "00-\(String(repeating: "\($0)", count: 32))-\(String(repeating: "\($0)", count: 16))-01"
    }

    /// The spans of a rebuild from an event of each origin, and from some that nobody has recorded.
    private func spans(limits: SpanLimits = SpanLimits()) async throws -> [SpanData] {
        for origin in origins + [nil, origins[0].dropLast() + "0"] {
            var event = RecordedEvent.count(makeStream(), 1, adding: 1)
            event.metadata.traceparent = origin
            await bench.append(event)
        }
        let tracer = OTLPTracer(sampler: .parentBasedAlwaysOn, limits: limits, queue: queue)
        try await bench.running { _ in _ = try await bench.rebuild(tracer: tracer).rebuild { _ in } }
        return queue.take()
    }

    @Test("has a trace of its own, with a link to where each event began that is recorded")
    func links() async throws {
        let spans = try await spans()
        let root = try #require(spans.first { $0.name == "rebuild counts" })
        #expect(root.parent == nil)
        #expect(root.status == nil)
        let pages = spans.filter { $0.name == "process counts" }
        #expect(pages.map(\.kind) == [.consumer])
        #expect(pages.map(\.parent) == [root.context])
        #expect(pages.flatMap(\.links).map(\.context.traceParent).sorted() == origins)
        #expect(pages.first?.attributes.values.get("cqrs.events") == 7)
    }

    @Test("has no more links than a span may have, and says how many are missing")
    func limit() async throws {
        var limits = SpanLimits()
        limits.links = 2
        let page = try #require(try await spans(limits: limits).first { $0.name == "process counts" })
        #expect((page.links.count, page.droppedLinks) == (2, 3))
    }

    @Test("that is refused has an error")
    func refused() async throws {
        _ = try await spans()
        let tracer = OTLPTracer(sampler: .parentBasedAlwaysOn, limits: SpanLimits(), queue: queue)
        await #expect(throws: RebuildRefusal.hasStandby(Generation(1))) {
            try await bench.rebuild(tracer: tracer).rebuild { _ in }
        }
        let root = try #require(queue.take().first)
        #expect(root.status?.code == .error)
        #expect(root.attributes.values.get("error.type") == "RebuildRefusal")
    }
}
