// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Protocol Buffers (https://protobuf.dev/programming-guides/encoding/).
struct ProtobufWriter: MessageWriter {
    private enum WireType: UInt64 {
        case varint = 0
        case eightBytes = 1
        case lengthDelimited = 2
        case fourBytes = 5
    }

    private(set) var content: [UInt8] = []

    mutating func string(_ number: Int, _ name: String, _ value: String) { delimited(number, Array(value.utf8)) }

    mutating func identifier(_ number: Int, _ name: String, _ value: [UInt8]) { delimited(number, value) }

    mutating func bool(_ number: Int, _ name: String, _ value: Bool) {
        tag(number, .varint)
        varint(value ? 1 : 0)
    }

    mutating func int64(_ number: Int, _ name: String, _ value: Int64) {
        tag(number, .varint)
        varint(UInt64(bitPattern: value))
    }

    mutating func uint32(_ number: Int, _ name: String, _ value: UInt32) {
        tag(number, .varint)
        varint(UInt64(value))
    }

    mutating func fixed32(_ number: Int, _ name: String, _ value: UInt32) {
        tag(number, .fourBytes)
        littleEndian(UInt64(value), bytes: 4)
    }

    mutating func fixed64(_ number: Int, _ name: String, _ value: UInt64) {
        tag(number, .eightBytes)
        littleEndian(value, bytes: 8)
    }

    mutating func double(_ number: Int, _ name: String, _ value: Double) { fixed64(number, name, value.bitPattern) }

    mutating func message(_ number: Int, _ name: String, _ write: (inout Self) -> Void) {
        var inner = ProtobufWriter()
        write(&inner)
        delimited(number, inner.content)
    }

    mutating func messages<Element>(
        _ number: Int, _ name: String, _ elements: [Element], _ write: (Element, inout Self) -> Void
    ) {
        for element in elements { message(number, name) { write(element, &$0) } }
    }

    // MARK: Parts

    private mutating func tag(_ number: Int, _ type: WireType) { varint(UInt64(number) << 3 | type.rawValue) }

    private mutating func delimited(_ number: Int, _ bytes: [UInt8]) {
        tag(number, .lengthDelimited)
        varint(UInt64(bytes.count))
        content += bytes
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest > 0x7F {
            content.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        content.append(UInt8(rest))
    }

    private mutating func littleEndian(_ value: UInt64, bytes: Int) {
        for index in 0..<bytes { content.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
}
