// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import Testing
import Tracing

@testable import OTLPTracing

struct OriginsTests {
    private let recorder = Recorder()
    private let one = "00-11111111111111111111111111111111-1111111111111111-01"
    private let two = "00-22222222222222222222222222222222-2222222222222222-03"
    private let unsampled = "00-33333333333333333333333333333333-3333333333333333-00"

    private func span(_ origins: String?...) -> SpanData? {
        guard let span = recorder.tracer.startSpan("bulk", ofKind: .client, from: origins) else { return nil }
        span.end()
        return recorder.queue.take().first
    }

    @Test("What is done for one is its child")
    func alone() throws {
        let bulk = try #require(self.span(nil, one, unsampled))
        #expect(bulk.parent?.traceParent == one)
        #expect(bulk.links.isEmpty)
    }

    @Test("What is done for several is in the first one's trace, with a link to each")
    func several() throws {
        let bulk = try #require(self.span(two, unsampled, one))
        #expect(bulk.parent?.traceID.description == "22222222222222222222222222222222")
        #expect(
            bulk.links.map(\.context.traceID.description) == [
                "22222222222222222222222222222222", "11111111111111111111111111111111",
            ])
    }

    @Test("What is done for nobody who is recorded is not recorded")
    func nobody() {
        #expect(span() == nil)
        #expect(span(nil, unsampled, "", "nonsense") == nil)
    }
}
