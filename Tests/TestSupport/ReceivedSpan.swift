// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A span as an ``OTLPReceiver`` has decoded it.
package struct ReceivedSpan: Decodable, Equatable, Sendable {
    /// The value of an attribute.
    package enum Value: Decodable, Equatable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        case bool(Bool)
        case int(Int64)
        case double(Double)
        case string(String)
        case array([Value])

        /// Reads JSON, whose numbers with a fraction are doubles.
        package init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let value = try? container.decode(Bool.self) {
                self = .bool(value)
            } else if let value = try? container.decode(Int64.self) {
                self = .int(value)
            } else if let value = try? container.decode(Double.self) {
                self = .double(value)
            } else if let value = try? container.decode(String.self) {
                self = .string(value)
            } else {
                self = .array(try container.decode([Value].self))
            }
        }

        /// A text.
        package init(stringLiteral value: String) { self = .string(value) }

        /// A whole number.
        package init(integerLiteral value: Int64) { self = .int(value) }
    }

    /// A link.
    package struct Link: Decodable, Equatable, Sendable {
        package let traceId: String
        package let spanId: String
        package let attributes: [String: Value]
    }

    /// Something that happened during the span.
    package struct Event: Decodable, Equatable, Sendable {
        package let name: String
        package let time: UInt64
        package let attributes: [String: Value]
    }

    /// `Span.SpanKind`.
    package enum Kind: Int, Decodable, Sendable {
        case `internal` = 1
        case server, client, producer, consumer
    }

    /// `Status.StatusCode`.
    package enum Status: Int, Decodable, Sendable {
        case unset, ok, error
    }

    package let service: String
    /// The names of the resource's attributes, in order.
    package let resource: [String]
    package let name: String
    package let kind: Kind
    package let traceId: String
    package let spanId: String
    package let parentSpanId: String?
    package let traceState: String
    package let flags: UInt32
    package let start: UInt64
    package let end: UInt64
    package let attributes: [String: Value]
    package let droppedAttributes: Int
    package let events: [Event]
    package let droppedEvents: Int
    package let links: [Link]
    package let droppedLinks: Int
    package let status: Status
    package let statusMessage: String
}
