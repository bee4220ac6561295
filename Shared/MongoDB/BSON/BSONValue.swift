// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// One BSON value. Embedded documents and arrays stay bytes, so this is never a tree.
public enum BSONValue: Sendable, Hashable {
    /// A 64-bit IEEE 754 number.
    case double(Double)
    /// A string. A NUL is allowed in it.
    case string(String)
    /// An embedded document.
    case document(BSONDocument)
    /// An array.
    case array(BSONArray)
    /// Bytes with a subtype.
    case binary(BSONBinary)
    /// An object identifier.
    case objectID(BSONObjectID)
    /// A truth value.
    case bool(Bool)
    /// A point in time.
    case date(BSONDate)
    /// No value.
    case null
    /// A regular expression.
    case regularExpression(BSONRegularExpression)
    /// A 32-bit integer.
    case int32(Int32)
    /// A replication timestamp.
    case timestamp(BSONTimestamp)
    /// A 64-bit integer.
    case int64(Int64)
    /// A decimal number, opaque.
    case decimal128(BSONDecimal128)
    /// Orders below every other value.
    case minKey
    /// Orders above every other value.
    case maxKey
    /// A value of a type that MongoDB deprecated or that holds code. It can be recognised, not written.
    case other(BSONType)
}

extension BSONValue {
    /// The value's type.
    public var type: BSONType {
        switch self {
        case .double: .double
        case .string: .string
        case .document: .document
        case .array: .array
        case .binary: .binary
        case .objectID: .objectID
        case .bool: .bool
        case .date: .date
        case .null: .null
        case .regularExpression: .regularExpression
        case .int32: .int32
        case .timestamp: .timestamp
        case .int64: .int64
        case .decimal128: .decimal128
        case .minKey: .minKey
        case .maxKey: .maxKey
        case .other(let type): type
        }
    }

    /// The string, if it is one.
    public var stringValue: String? { if case .string(let value) = self { value } else { nil } }

    /// The integer, if this is an integer of either width or a double without a fraction that fits.
    public var intValue: Int? {
        switch self {
        case .int32(let value): Int(value)
        case .int64(let value): Int(value)
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The embedded document, if it is one.
    public var documentValue: BSONDocument? { if case .document(let value) = self { value } else { nil } }

    /// The array, if it is one.
    public var arrayValue: BSONArray? { if case .array(let value) = self { value } else { nil } }
}

extension BSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral
{
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A 64-bit integer.
    public init(integerLiteral value: Int64) { self = .int64(value) }
    /// A double.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Null.
    public init(nilLiteral: ()) { self = .null }
    /// A document; see ``BSONDocument/init(dictionaryLiteral:)``.
    public init(dictionaryLiteral elements: (String, BSONValue)...) {
        self = .document(BSONDocument(literal: elements))
    }
    /// An array.
    public init(arrayLiteral elements: BSONValue...) { self = .array(BSONArray(elements)) }
}

extension BSONValue {
    /// A 64-bit integer.
    public static func int(_ value: Int) -> BSONValue { .int64(Int64(value)) }
}
