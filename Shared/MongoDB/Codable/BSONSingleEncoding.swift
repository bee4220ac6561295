// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A value without keys.
struct BSONSingleEncoding: SingleValueEncodingContainer {
    let encoder: BSONStreamEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil() throws { try encoder.encodeValue(.null) }
    func encode(_ value: Bool) throws { try encoder.encodeValue(.bool(value)) }
    func encode(_ value: String) throws { try encoder.encodeValue(.string(value)) }
    func encode(_ value: Double) throws { try encoder.encodeValue(.double(value)) }
    func encode(_ value: Float) throws { try encoder.encodeValue(.double(Double(value))) }
    func encode(_ value: Int) throws { try encoder.encodeValue(.int64(Int64(value))) }
    func encode(_ value: Int8) throws { try encoder.encodeValue(.int32(Int32(value))) }
    func encode(_ value: Int16) throws { try encoder.encodeValue(.int32(Int32(value))) }
    func encode(_ value: Int32) throws { try encoder.encodeValue(.int32(value)) }
    func encode(_ value: Int64) throws { try encoder.encodeValue(.int64(value)) }
    func encode(_ value: UInt) throws { try encoder.encodeInteger(value) }
    func encode(_ value: UInt8) throws { try encoder.encodeValue(.int32(Int32(value))) }
    func encode(_ value: UInt16) throws { try encoder.encodeValue(.int32(Int32(value))) }
    func encode(_ value: UInt32) throws { try encoder.encodeInteger(value) }
    func encode(_ value: UInt64) throws { try encoder.encodeInteger(value) }
    func encode(_ value: some Encodable) throws { try encoder.encodeAny(value) }
}
