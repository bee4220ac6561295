// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The fields of a message in Protocol Buffers, as far as an answer of a collector needs them. Of a field that is
/// repeated the last counts.
struct ProtobufFields {
    enum Value {
        case number(UInt64)
        case bytes([UInt8])
    }

    private(set) var values: [UInt64: Value] = [:]

    /// Reads a message; `nil` when it is not well-formed.
    init?(_ message: [UInt8]) {
        var rest = message[...]
        while !rest.isEmpty {
            guard let tag = Self.varint(&rest) else { return nil }
            switch tag & 7 {
            case 0:
                guard let value = Self.varint(&rest) else { return nil }
                values[tag >> 3] = .number(value)
            case 1:
                guard Self.take(8, &rest) != nil else { return nil }
            case 2:
                guard let length = Self.varint(&rest), let bytes = Self.take(length, &rest) else { return nil }
                values[tag >> 3] = .bytes(bytes)
            case 5:
                guard Self.take(4, &rest) != nil else { return nil }
            default: return nil
            }
        }
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }

    private static func take(_ count: UInt64, _ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard count <= UInt64(rest.count) else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return Array(rest.prefix(Int(count)))
    }
}
