// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Tracing

/// `ExportTraceServiceRequest`: what is sent to a collector. The field numbers are those of
/// https://github.com/open-telemetry/opentelemetry-proto: collector/trace/v1, trace/v1, resource/v1 and common/v1.
struct TraceRequest {
    let resource: TracedResource
    let spans: [SpanData]

    /// The request in one of the encodings.
    func encoded<Writer: MessageWriter>(by type: Writer.Type) -> [UInt8] {
        var request = Writer()
        request.messages(1, "resourceSpans", [self]) { $0.writeResourceSpans(&$1) }
        return request.content
    }

    private func writeResourceSpans(_ writer: inout some MessageWriter) {
        writer.message(1, "resource") { writer in
            let attributes = resource.attributes.sorted { $0.key < $1.key }
            writer.messages(1, "attributes", attributes) { write($0.key, .string($0.value), &$1) }
        }
        writer.messages(2, "scopeSpans", [self]) { $0.writeScopeSpans(&$1) }
    }

    private func writeScopeSpans(_ writer: inout some MessageWriter) {
        writer.message(1, "scope") { $0.string(1, "name", TracedResource.library) }
        writer.messages(2, "spans", spans) { write($0, &$1) }
    }

    private func write(_ span: SpanData, _ writer: inout some MessageWriter) {
        writer.identifier(1, "traceId", span.context.traceID.bytes)
        writer.identifier(2, "spanId", span.context.spanID.bytes)
        write(span.context.state, 3, &writer)
        if let parent = span.parent { writer.identifier(4, "parentSpanId", parent.spanID.bytes) }
        writer.string(5, "name", span.name)
        writer.uint32(6, "kind", span.kind.number)
        writer.fixed64(7, "startTimeUnixNano", span.start)
        writer.fixed64(8, "endTimeUnixNano", span.end)
        write(span.attributes, 9, 10, &writer)
        if !span.events.isEmpty { writer.messages(11, "events", span.events) { write($0, &$1) } }
        write(dropped: span.droppedEvents, 12, "droppedEventsCount", &writer)
        if !span.links.isEmpty { writer.messages(13, "links", span.links) { write($0, &$1) } }
        write(dropped: span.droppedLinks, 14, "droppedLinksCount", &writer)
        if let status = span.status {
            writer.message(15, "status") { writer in
                // A text belongs to a failure only (OpenTelemetry specification, "Set status").
                if status.code == .error, let text = status.message { writer.string(2, "message", text) }
                writer.uint32(3, "code", status.code == .ok ? 1 : 2)
            }
        }
        // Bits 8 and 9 are about the parent here.
        let isRemote: UInt32 = span.parent?.isRemote == true ? 0x200 : 0
        writer.fixed32(16, "flags", (span.context.flags & ~0x200) | isRemote)
    }

    private func write(_ event: SpanData.Event, _ writer: inout some MessageWriter) {
        writer.fixed64(1, "timeUnixNano", event.time)
        writer.string(2, "name", event.name)
        write(event.attributes, 3, 4, &writer)
    }

    private func write(_ link: SpanData.Link, _ writer: inout some MessageWriter) {
        writer.identifier(1, "traceId", link.context.traceID.bytes)
        writer.identifier(2, "spanId", link.context.spanID.bytes)
        write(link.context.state, 3, &writer)
        write(link.attributes, 4, 5, &writer)
        writer.fixed32(6, "flags", link.context.flags)
    }

    private func write(_ state: TraceState, _ number: Int, _ writer: inout some MessageWriter) {
        if !state.text.isEmpty { writer.string(number, "traceState", state.text) }
    }

    private func write(dropped count: Int, _ number: Int, _ name: String, _ writer: inout some MessageWriter) {
        if count > 0 { writer.uint32(number, name, UInt32(clamping: count)) }
    }

    // MARK: Attributes

    private func write(
        _ attributes: LimitedAttributes, _ number: Int, _ droppedNumber: Int, _ writer: inout some MessageWriter
    ) {
        if !attributes.values.isEmpty {
            var members: [(name: String, value: SpanAttribute)] = []
            attributes.values.forEach { members.append(($0, $1)) }
            members.sort { $0.name < $1.name }
            writer.messages(number, "attributes", members) { write($0.name, $0.value, &$1) }
        }
        write(dropped: attributes.droppedCount, droppedNumber, "droppedAttributesCount", &writer)
    }

    private func write(_ name: String, _ value: SpanAttribute, _ writer: inout some MessageWriter) {
        writer.string(1, "key", name)
        writer.message(2, "value") { write(value, &$0) }
    }

    private func write(_ value: SpanAttribute, _ writer: inout some MessageWriter) {
        switch value {
        case .string(let value): writer.string(1, "stringValue", value)
        case .stringConvertible(let value): writer.string(1, "stringValue", "\(value)")
        case .bool(let value): writer.bool(2, "boolValue", value)
        case .int32(let value): writer.int64(3, "intValue", Int64(value))
        case .int64(let value): writer.int64(3, "intValue", value)
        case .double(let value): writer.double(4, "doubleValue", value)
        case .stringArray(let values): write(values.map { .string($0) }, &writer)
        case .stringConvertibleArray(let values): write(values.map { .string("\($0)") }, &writer)
        case .boolArray(let values): write(values.map { .bool($0) }, &writer)
        case .int32Array(let values): write(values.map { .int32($0) }, &writer)
        case .int64Array(let values): write(values.map { .int64($0) }, &writer)
        case .doubleArray(let values): write(values.map { .double($0) }, &writer)
        // The API asks for it. A value of a kind yet unknown is an empty one.
        default: break
        }
    }

    private func write(_ values: [SpanAttribute], _ writer: inout some MessageWriter) {
        writer.message(5, "arrayValue") { writer in
            writer.messages(1, "values", values) { write($0, &$1) }
        }
    }
}

extension SpanKind {
    /// `Span.SpanKind`.
    fileprivate var number: UInt32 {
        switch self {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }
}
