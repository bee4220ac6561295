// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A field value of an AMQP header or argument table, in the types of RabbitMQ's dialect of AMQP 0-9-1.
public enum AMQPValue: Sendable, Hashable {
    /// Type `t`.
    case bool(Bool)
    /// Type `b`.
    case int8(Int8)
    /// Type `B`.
    case uint8(UInt8)
    /// Type `s`.
    case int16(Int16)
    /// Type `u`.
    case uint16(UInt16)
    /// Type `I`.
    case int32(Int32)
    /// Type `i`.
    case uint32(UInt32)
    /// Type `l`, RabbitMQ's usual integer.
    case int64(Int64)
    /// Type `f`.
    case float(Float)
    /// Type `d`.
    case double(Double)
    /// Type `D`: `value` divided by ten to the power of `scale`.
    case decimal(scale: UInt8, value: UInt32)
    /// Type `S` that is valid UTF-8.
    case string(String)
    /// Type `x`, and what arrives as type `S` without being valid UTF-8.
    case bytes([UInt8])
    /// Type `A`.
    case array([AMQPValue])
    /// Type `T`, seconds since 1970-01-01 UTC.
    case timestamp(UInt64)
    /// Type `F`.
    case table(AMQPTable)
    /// Type `V`.
    case void
}

extension AMQPValue {
    /// The value as a 64-bit integer, whatever integer type it came in.
    ///
    /// RabbitMQ sends counters such as `x-delivery-count` in several integer types.
    public var integer: Int64? {
        switch self {
        case .int8(let value): Int64(value)
        case .uint8(let value): Int64(value)
        case .int16(let value): Int64(value)
        case .uint16(let value): Int64(value)
        case .int32(let value): Int64(value)
        case .uint32(let value): Int64(value)
        case .int64(let value): value
        case .bool, .float, .double, .decimal, .string, .bytes, .array, .timestamp, .table, .void: nil
        }
    }

    /// The text of a ``string(_:)``.
    public var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }
}

extension AMQPValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
    /// A ``string(_:)``.
    public init(stringLiteral value: String) { self = .string(value) }

    /// A ``bool(_:)``.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// An ``int64(_:)``.
    public init(integerLiteral value: Int64) { self = .int64(value) }
}
