// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How much a span may hold; what is beyond is dropped and counted (OpenTelemetry specification, "Span limits").
public struct SpanLimits: Sendable, Hashable {
    /// Unicode scalars of a text that is the value of an attribute; `nil` for no limit.
    public var attributeValueLength: Int?
    /// Attributes of a span.
    public var attributes = 128
    /// Events of a span.
    public var events = 128
    /// Links of a span.
    public var links = 128
    /// Attributes of an event.
    public var eventAttributes = 128
    /// Attributes of a link.
    public var linkAttributes = 128

    /// The limits of the specification.
    public init() {}
}
