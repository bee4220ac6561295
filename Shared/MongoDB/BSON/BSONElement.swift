// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A key and its value inside a document's bytes. The value is decoded only when asked for.
public struct BSONElement: Sendable {
    /// Where an element is in a document's bytes.
    struct Place: Sendable {
        let type: BSONType
        let key: Range<Int>
        let value: Range<Int>
    }

    let bytes: [UInt8]
    let place: Place

    /// The value's type.
    public var type: BSONType { place.type }
    var keyRange: Range<Int> { place.key }
    var valueRange: Range<Int> { place.value }

    /// The key.
    public var key: String { String(decoding: bytes[keyRange], as: UTF8.self) }

    /// Compares the key's bytes, without making a string.
    public func isKey(_ key: String) -> Bool { bytes.isEqual(keyRange, to: key) }

    private var start: Int { valueRange.lowerBound }

    /// The value, decoded. An embedded document or array is copied out; ``view()`` does without.
    public var value: BSONValue {
        switch type {
        case .double: .double(Double(bitPattern: bytes.littleEndian64(at: start)))
        case .string: .string(text)
        case .document: .document(BSONDocument(trusted: Array(bytes[valueRange])))
        case .array: .array(BSONArray(BSONDocument(trusted: Array(bytes[valueRange]))))
        case .binary: .binary(binaryValue)
        case .objectID: .objectID(objectIDValue)
        case .bool: .bool(bytes[start] != 0)
        case .date: .date(BSONDate(millisecondsSince1970: integer64))
        case .null: .null
        case .regularExpression: .regularExpression(expression)
        case .int32: .int32(Int32(bitPattern: bytes.littleEndian32(at: start)))
        case .timestamp:
            .timestamp(
                BSONTimestamp(seconds: bytes.littleEndian32(at: start + 4), increment: bytes.littleEndian32(at: start)))
        case .int64: .int64(integer64)
        case .decimal128:
            .decimal128(
                BSONDecimal128(high: bytes.littleEndian64(at: start + 8), low: bytes.littleEndian64(at: start)))
        case .minKey: .minKey
        case .maxKey: .maxKey
        case .undefined, .dbPointer, .code, .symbol, .codeWithScope: .other(type)
        }
    }

    private var text: String { String(decoding: bytes[start + 4..<valueRange.upperBound - 1], as: UTF8.self) }

    private var integer64: Int64 { Int64(bitPattern: bytes.littleEndian64(at: start)) }

    private var objectIDValue: BSONObjectID {
        BSONObjectID(
            high: bytes.littleEndian64(at: start).byteSwapped, low: bytes.littleEndian32(at: start + 8).byteSwapped)
    }

    private var binaryValue: BSONBinary {
        let subtype = bytes[start + 4]
        // The old generic subtype repeats the length; the validator has checked it.
        let content = start + (subtype == 2 ? 9 : 5)
        return BSONBinary(Array(bytes[content..<valueRange.upperBound]), subtype: subtype)
    }

    private var expression: BSONRegularExpression {
        let options = bytes.cStringEnd(start)
        var expression = BSONRegularExpression(String(decoding: bytes[start..<options - 1], as: UTF8.self))
        expression.options = String(decoding: bytes[options..<valueRange.upperBound - 1], as: UTF8.self)
        return expression
    }
}

extension BSONElement {
    /// The string. - Throws: ``MongoError/Code/invalidBSON`` for another type, as do all methods here.
    public func string() throws(MongoError) -> String {
        guard type == .string else { throw mismatch("a string") }
        return text
    }

    /// The integer: of either width, or a double without a fraction that fits.
    public func int() throws(MongoError) -> Int {
        guard let value = value.intValue else { throw mismatch("an integer") }
        return value
    }

    /// The number: a double, or an integer that a double can hold exactly.
    public func double() throws(MongoError) -> Double {
        switch value {
        case .double(let value): return value
        case .int32(let value): return Double(value)
        case .int64(let value):
            guard let number = Double(exactly: value) else { throw mismatch("a number") }
            return number
        default: throw mismatch("a number")
        }
    }

    /// The truth value.
    public func bool() throws(MongoError) -> Bool {
        guard type == .bool else { throw mismatch("a truth value") }
        return bytes[start] != 0
    }

    /// The point in time.
    public func date() throws(MongoError) -> BSONDate {
        guard type == .date else { throw mismatch("a date") }
        return BSONDate(millisecondsSince1970: integer64)
    }

    /// The object identifier.
    public func objectID() throws(MongoError) -> BSONObjectID {
        guard type == .objectID else { throw mismatch("an object identifier") }
        return objectIDValue
    }

    /// The bytes with their subtype.
    public func binary() throws(MongoError) -> BSONBinary {
        guard type == .binary else { throw mismatch("binary") }
        return binaryValue
    }

    /// The elements of an embedded document or array, without a copy.
    public func view() throws(MongoError) -> BSONView {
        guard type == .document || type == .array else { throw mismatch("a document or an array") }
        return BSONView(bytes: bytes, range: valueRange)
    }

    /// The embedded document, copied out.
    public func document() throws(MongoError) -> BSONDocument {
        guard type == .document else { throw mismatch("a document") }
        return BSONDocument(trusted: Array(bytes[valueRange]))
    }

    /// The string, if it is one.
    var ifString: String? { type == .string ? text : nil }

    /// The point in time, if it is one.
    var ifDate: BSONDate? { type == .date ? BSONDate(millisecondsSince1970: integer64) : nil }

    /// The bytes with their subtype, if they are any.
    var ifBinary: BSONBinary? { type == .binary ? binaryValue : nil }

    private func mismatch(_ wanted: String) -> MongoError {
        // The key is a field's name, never user data; the value stays out.
        MongoError(.invalidBSON, "the field \(key) is \(type), not \(wanted)")
    }
}
