// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Testing
import Tracing

@testable import CQRSMongoDB
@testable import OTLPTracing

@Suite("An event store in MongoDB that is traced", .timeLimit(.minutes(1)))
struct EventStoreTracingTests {
    private let queue = SpanQueue(BatchLimits())

    private func origin(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return "00-\(String(repeating: "a", count: 32 - digits.count) + digits)-00f067aa0ba902b7-01"
    }

    /// The spans of so many appends at the same time, each of a command of its own.
    private func spans(of count: Int) async throws -> [SpanData]? {
        let tracer = OTLPTracer(sampler: .parentBasedAlwaysOn, limits: SpanLimits(), queue: queue)
        var isThere = false
        try await withMongoEventStore(tracer: tracer) { store, _ in
            isThere = true
            let writer = WriterID()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...count {
                    let append = EventAppend(
                        makeCommit(
                            makeStream(), 1,
                            metadata: EventMetadata(correlationID: "test", traceparent: origin(number))),
                        claims: [], releases: [], writer: writer, sequence: Int64(number))
                    group.addTask {
                        let outcome = try await store.append(append)
                        #expect(outcome == .appended)
                    }
                }
                try await group.waitForAll()
            }
        }
        return isThere ? queue.take() : nil
    }

    @Test("has a span for an insert, and in it a link to each command's span where there are several")
    func bulks() async throws {
        guard let spans = try await spans(of: 100) else { return }
        #expect(spans.allSatisfy { ($0.name, $0.kind) == ("insert events", .client) })
        // Some commands came while others were being written, and were written together.
        #expect(spans.contains { $0.links.count > 1 })
        var commands: [String] = []
        for span in spans {
            let parent = try #require(span.parent?.traceParent)
            #expect(span.links.isEmpty || span.links.first?.context.traceParent == parent)
            #expect(
                span.attributes.values.get("db.operation.batch.size")
                    == (span.links.isEmpty ? nil : .int64(Int64(span.links.count))))
            commands += span.links.isEmpty ? [parent] : span.links.map(\.context.traceParent)
        }
        #expect(commands.sorted() == (1...100).map(origin).sorted())
    }
}
