// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Writes a message of OTLP field by field, in one of its two encodings. A field has a number in one and a name in the
/// other (https://opentelemetry.io/docs/specs/otlp/, "Binary Protobuf Encoding" and "JSON Protobuf Encoding").
///
/// Leave out what has its type's default value, except in a `oneof`, where it says which of the fields is meant.
protocol MessageWriter {
    /// An empty message.
    init()

    /// The message.
    var content: [UInt8] { get }

    /// `string`.
    mutating func string(_ number: Int, _ name: String, _ value: String)
    /// `bytes` with the identifier of a trace or span.
    mutating func identifier(_ number: Int, _ name: String, _ value: [UInt8])
    /// `bool`.
    mutating func bool(_ number: Int, _ name: String, _ value: Bool)
    /// `int64`.
    mutating func int64(_ number: Int, _ name: String, _ value: Int64)
    /// `uint32` or an enumeration.
    mutating func uint32(_ number: Int, _ name: String, _ value: UInt32)
    /// `fixed32`.
    mutating func fixed32(_ number: Int, _ name: String, _ value: UInt32)
    /// `fixed64`.
    mutating func fixed64(_ number: Int, _ name: String, _ value: UInt64)
    /// `double`.
    mutating func double(_ number: Int, _ name: String, _ value: Double)
    /// A message.
    mutating func message(_ number: Int, _ name: String, _ write: (inout Self) -> Void)
    /// Any number of messages.
    mutating func messages<Element>(
        _ number: Int, _ name: String, _ elements: [Element], _ write: (Element, inout Self) -> Void)
}
