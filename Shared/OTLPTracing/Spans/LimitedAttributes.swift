// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Tracing

/// Attributes of which there are no more than there may be.
struct LimitedAttributes: Sendable, Equatable {
    private(set) var values: SpanAttributes = [:]
    /// How many there was no room for.
    private(set) var droppedCount = 0

    /// None.
    init() {}

    /// As many as there may be.
    init(_ attributes: SpanAttributes, count: Int, valueLength: Int?) {
        replace(with: attributes, count: count, valueLength: valueLength)
    }

    /// Takes what has become of the attributes. Those that were there before stay, so that what comes too late is
    /// dropped; of several that come together it is the last in the order of names.
    mutating func replace(with attributes: SpanAttributes, count: Int, valueLength: Int?) {
        guard attributes.count > count || valueLength != nil else {
            values = attributes
            return
        }
        var names: [(isNew: Bool, name: String, value: SpanAttribute)] = []
        attributes.forEach { name, value in names.append((values.get(name) == nil, name, value)) }
        names.sort { $0.isNew == $1.isNew ? $0.name < $1.name : !$0.isNew }
        var kept: SpanAttributes = [:]
        for (_, name, value) in names.prefix(count) {
            kept.set(name, value: valueLength.map { value.shortened(to: $0) } ?? value)
        }
        values = kept
        droppedCount += max(0, names.count - count)
    }
}

extension SpanAttribute {
    /// With texts of no more scalars. Other values have no length (OpenTelemetry specification, "Attribute limits").
    fileprivate func shortened(to limit: Int) -> SpanAttribute {
        func cut(_ text: String) -> String { String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))) }
        return switch self {
        case .string(let text): .string(cut(text))
        case .stringArray(let texts): .stringArray(texts.map(cut))
        case .stringConvertible(let value): .string(cut("\(value)"))
        case .stringConvertibleArray(let values): .stringArray(values.map { cut("\($0)") })
        default: self
        }
    }
}
