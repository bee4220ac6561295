// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What is traced, how much of it, and where it goes.
public struct OTLPTracingConfiguration: Sendable {
    /// Who the spans are of.
    public var resource: TracedResource
    /// Which spans are recorded.
    public var sampler = Sampler.parentBasedAlwaysOn
    /// How much a span may hold.
    public var spanLimits = SpanLimits()
    /// How spans are gathered.
    public var batchLimits = BatchLimits()
    /// Where they are sent.
    public var exporter = ExporterConfiguration()

    /// The defaults of the OpenTelemetry specification.
    public init(resource: TracedResource) { self.resource = resource }
}
