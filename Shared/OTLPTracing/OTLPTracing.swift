// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Logging
internal import Tracing

/// Tracing with export by OTLP/HTTP: a backend of swift-distributed-tracing.
///
///     if let configuration = try OTLPTracingConfiguration(reader: config.scoped(to: "otel"), …) {
///         let tracing = OTLPTracing(configuration, logger: logger)
///         InstrumentationSystem.bootstrap(tracing.tracer)
///         services.insert(tracing.export, at: 0)
///     }
///
/// A program that ends by itself does its work within ``OTLPExport/run(during:)`` instead.
public struct OTLPTracing: Sendable {
    /// Starts spans.
    public let tracer: OTLPTracer
    /// Sends them; without it they fill a queue.
    public let export: OTLPExport

    /// Says which trace the present task is in, if that is recorded: what histograms may name as an exemplar.
    public static let recordedTraceID: @Sendable () -> String? = {
        guard let span = InstrumentationContext.current?.span, span.isSampled else { return nil }
        return span.traceID.description
    }

    /// Puts a tracer and its export together.
    ///
    /// - Parameter logger: says once a minute at most that spans are lost.
    public init(_ configuration: OTLPTracingConfiguration, logger: Logger) {
        let metrics = ExportMetrics()
        let queue = SpanQueue(configuration.batchLimits, metrics: metrics)
        tracer = OTLPTracer(sampler: configuration.sampler, limits: configuration.spanLimits, queue: queue)
        export = OTLPExport(configuration, queue: queue, metrics: metrics, logger: logger)
    }
}
