// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import OTLPTracing

struct SamplerTests {
    /// What opentelemetry-sdk 1.45.2 (Python), `TraceIdRatioBased.get_bound_for_rate`, answers.
    @Test(
        "A ratio's bound is that of OpenTelemetry's own SDK",
        arguments: [
            (0, 0), (1e-9, 0x4_4b82_fa0a), (0.001, 0x41_8937_4bc6_a7f0), (0.01, 0x28f_5c28_f5c2_8f60),
            (0.1, 0x1999_9999_9999_9a00), (1.0 / 3, 0x5555_5555_5555_5400), (0.5, 0x8000_0000_0000_0000),
            (0.999, 0xffbe_76c8_b439_5800), (0.9999999999999999, 0xffff_ffff_ffff_f800),
        ] as [(Double, UInt64)])
    func bound(ratio: Double, bound: UInt64) { #expect(Sampler.Root.ratio(ratio) == .below(bound)) }

    @Test("A ratio of 1 records every trace")
    func whole() {
        let sampler = Sampler("traceidratio", ratio: 1)
        #expect(sampler?.samples(TraceID(high: 1, low: .max), parent: nil) == true)
    }

    @Test("The lower half of the identifier decides, and its bound is recorded no more")
    func lowerHalf() {
        let sampler = Sampler("traceidratio", ratio: 0.5)
        #expect(sampler?.samples(TraceID(high: .max, low: (1 << 63) - 1), parent: nil) == true)
        #expect(sampler?.samples(TraceID(high: 1, low: 1 << 63), parent: nil) == false)
    }

    @Test(
        "Each sampler decides by itself or by the parent",
        arguments: [
            ("always_on", true, true), ("always_off", false, false), ("traceidratio", false, false),
            ("parentbased_always_on", true, false), ("parentbased_always_off", true, false),
            ("parentbased_traceidratio", true, false),
        ])
    func parents(name: String, underSampled: Bool, underUnsampled: Bool) throws {
        let sampler = try #require(Sampler(name, ratio: 0))
        let trace = TraceID(high: 1, low: 1)
        func parent(_ isSampled: Bool) -> SpanContext {
            SpanContext(
                traceID: trace, spanID: SpanID(value: 1), isSampled: isSampled, state: TraceState(), isRemote: true)
        }
        #expect(sampler.samples(trace, parent: parent(true)) == underSampled)
        #expect(sampler.samples(trace, parent: parent(false)) == underUnsampled)
    }

    @Test(
        "Each sampler decides about a trace that begins",
        arguments: [
            ("always_on", true), ("always_off", false), ("traceidratio", false), ("parentbased_always_on", true),
            ("parentbased_always_off", false), ("parentbased_traceidratio", false),
        ])
    func roots(name: String, isSampled: Bool) throws {
        let sampler = try #require(Sampler(name, ratio: 0))
        #expect(sampler.samples(TraceID(high: 1, low: 1), parent: nil) == isSampled)
    }
}
