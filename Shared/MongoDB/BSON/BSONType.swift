// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The type byte of a BSON element.
public enum BSONType: UInt8, Sendable, Hashable {
    /// A 64-bit IEEE 754 number.
    case double = 0x01
    /// A UTF-8 string.
    case string = 0x02
    /// An embedded document.
    case document = 0x03
    /// An array: on the wire a document with the keys "0", "1", …
    case array = 0x04
    /// Bytes with a subtype.
    case binary = 0x05
    /// Deprecated; read, never written.
    case undefined = 0x06
    /// A 12-byte object identifier.
    case objectID = 0x07
    /// A truth value.
    case bool = 0x08
    /// Milliseconds since 1970-01-01T00:00:00Z.
    case date = 0x09
    /// No value.
    case null = 0x0A
    /// A regular expression and its options.
    case regularExpression = 0x0B
    /// Deprecated; read, never written.
    case dbPointer = 0x0C
    /// JavaScript code; read, never written.
    case code = 0x0D
    /// Deprecated; read, never written.
    case symbol = 0x0E
    /// Deprecated; read, never written.
    case codeWithScope = 0x0F
    /// A 32-bit signed integer.
    case int32 = 0x10
    /// The server's replication timestamp.
    case timestamp = 0x11
    /// A 64-bit signed integer.
    case int64 = 0x12
    /// A 128-bit decimal number, kept opaque.
    case decimal128 = 0x13
    /// Orders below every other value.
    case minKey = 0xFF
    /// Orders above every other value.
    case maxKey = 0x7F
}
