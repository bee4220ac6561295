// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// OTLP's JSON: that of Protocol Buffers (https://protobuf.dev/programming-guides/json/), but identifiers are hexadecimal
/// and enumerations numbers.
struct JSONMessageWriter: MessageWriter {
    private var json = JSONWriter()

    init() { json.beginObject() }

    var content: [UInt8] {
        var whole = json
        whole.endObject()
        return whole.bytes
    }

    mutating func string(_ number: Int, _ name: String, _ value: String) { json.member(name, value) }

    mutating func identifier(_ number: Int, _ name: String, _ value: [UInt8]) {
        json.member(name, value.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined())
    }

    mutating func bool(_ number: Int, _ name: String, _ value: Bool) { json.member(name, value) }

    /// A text: readers of JSON keep 53 bits of a number.
    mutating func int64(_ number: Int, _ name: String, _ value: Int64) { json.member(name, String(value)) }

    mutating func uint32(_ number: Int, _ name: String, _ value: UInt32) { json.member(name, value) }

    mutating func fixed32(_ number: Int, _ name: String, _ value: UInt32) { json.member(name, value) }

    mutating func fixed64(_ number: Int, _ name: String, _ value: UInt64) { json.member(name, String(value)) }

    mutating func double(_ number: Int, _ name: String, _ value: Double) {
        json.key(name)
        if value.isFinite {
            json.double(value)
        } else {
            json.string(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
        }
    }

    mutating func message(_ number: Int, _ name: String, _ write: (inout Self) -> Void) {
        json.key(name)
        object(write)
    }

    mutating func messages<Element>(
        _ number: Int, _ name: String, _ elements: [Element], _ write: (Element, inout Self) -> Void
    ) {
        json.key(name)
        json.beginArray()
        for element in elements { object { write(element, &$0) } }
        json.endArray()
    }

    private mutating func object(_ write: (inout Self) -> Void) {
        json.beginObject()
        write(&self)
        json.endObject()
    }
}
