// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension BSONWriter {
    /// Appends a string; it may contain a NUL.
    public mutating func append(_ key: String, _ value: String) {
        head(key, .string)
        append(string: value)
    }

    /// Appends a 64-bit integer.
    public mutating func append(_ key: String, _ value: Int) { append(key, Int64(value)) }

    /// Appends a 64-bit integer.
    public mutating func append(_ key: String, _ value: Int64) {
        head(key, .int64)
        append(raw: value)
    }

    /// Appends a 32-bit integer.
    public mutating func append(_ key: String, _ value: Int32) {
        head(key, .int32)
        append(raw: value)
    }

    /// Appends a double.
    public mutating func append(_ key: String, _ value: Double) {
        head(key, .double)
        append(raw: value.bitPattern)
    }

    /// Appends a truth value.
    public mutating func append(_ key: String, _ value: Bool) {
        head(key, .bool)
        append(raw: value ? 1 as UInt8 : 0)
    }

    /// Appends a point in time.
    public mutating func append(_ key: String, _ value: BSONDate) {
        head(key, .date)
        append(raw: value.millisecondsSince1970)
    }

    /// Appends a point in time, rounded down to milliseconds.
    public mutating func append(_ key: String, _ value: Date) { append(key, BSONDate(value)) }

    /// Appends an object identifier.
    public mutating func append(_ key: String, _ value: BSONObjectID) {
        head(key, .objectID)
        append(raw: value.high.byteSwapped)
        append(raw: value.low.byteSwapped)
    }

    /// Appends a UUID as binary of subtype 4.
    public mutating func append(_ key: String, _ value: UUID) { append(key, BSONBinary(value)) }

    /// Appends bytes with their subtype.
    public mutating func append(_ key: String, _ value: BSONBinary) {
        head(key, .binary)
        append(binary: value.bytes, subtype: value.subtype)
    }

    /// Appends bytes as generic binary.
    public mutating func append(_ key: String, _ value: [UInt8]) {
        head(key, .binary)
        append(binary: value, subtype: 0)
    }

    /// Appends an embedded document by copying its bytes.
    public mutating func append(_ key: String, _ value: BSONDocument) {
        head(key, .document)
        append(embedded: value)
    }

    /// Appends an array by copying its bytes.
    public mutating func append(_ key: String, _ value: BSONArray) {
        head(key, .array)
        append(embedded: value.document)
    }

    /// Appends an array of strings.
    public mutating func append(_ key: String, _ values: some Sequence<String>) {
        appendArray(key) { array in
            for value in values { array.append(value) }
        }
    }

    /// Appends null.
    public mutating func appendNull(_ key: String) { head(key, .null) }

    /// Appends any value. ``BSONValue/other(_:)`` cannot be written and makes ``finish()`` throw.
    public mutating func append(_ key: String, _ value: BSONValue) {
        switch value {
        case .double(let value): append(key, value)
        case .string(let value): append(key, value)
        case .document(let value): append(key, value)
        case .array(let value): append(key, value)
        case .binary(let value): append(key, value)
        case .objectID(let value): append(key, value)
        case .bool(let value): append(key, value)
        case .date(let value): append(key, value)
        case .int32(let value): append(key, value)
        case .int64(let value): append(key, value)
        case .null, .minKey, .maxKey: head(key, value.type)
        case .regularExpression(let value):
            head(key, .regularExpression)
            append(cString: value.pattern, "a regular expression with a NUL")
            append(cString: value.options, "regular expression options with a NUL")
        case .timestamp(let value):
            head(key, .timestamp)
            append(raw: value.increment)
            append(raw: value.seconds)
        case .decimal128(let value):
            head(key, .decimal128)
            append(raw: value.low)
            append(raw: value.high)
        case .other: fail("a value of a deprecated type")
        }
    }

    /// Appends an element of another document by copying its bytes, whatever its type.
    public mutating func append(_ element: BSONElement) {
        append(raw: CollectionOfOne(element.type.rawValue))
        append(raw: element.bytes[element.keyRange.lowerBound..<element.valueRange.upperBound])
    }

    private mutating func append(string value: String) {
        var value = value
        // A string bridged from elsewhere may not be stored as UTF-8; afterwards `utf8` is one block of memory.
        value.makeContiguousUTF8()
        append(raw: Int32(truncatingIfNeeded: value.utf8.count + 1))
        append(raw: value.utf8)
        append(raw: CollectionOfOne(0))
    }

    private mutating func append(binary content: [UInt8], subtype: UInt8) {
        let isOldGeneric = subtype == 2
        append(raw: Int32(truncatingIfNeeded: content.count + (isOldGeneric ? 4 : 0)))
        append(raw: CollectionOfOne(subtype))
        // Subtype 2 repeats the length inside.
        if isOldGeneric { append(raw: Int32(truncatingIfNeeded: content.count)) }
        append(raw: content)
    }

    private mutating func append(embedded document: BSONDocument) {
        // How deep the document itself is was checked when it was made; together they may be deeper than the limit.
        if depth + document.embeddedDepth > BSONDocument.maximumDepth { fail("documents embedded too deep") }
        append(raw: document.bytes)
    }
}
