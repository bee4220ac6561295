// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing
import Tracing

@testable import OTLPTracing

struct EncodingTests {
    /// The example of https://protobuf.dev/programming-guides/encoding/#varints, and values at the edges of types.
    @Test("Protocol Buffers: numbers, texts and messages")
    func protobuf() {
        var writer = ProtobufWriter()
        writer.uint32(1, "", 150)
        writer.int64(2, "", -1)
        writer.string(3, "", "é")
        writer.fixed64(4, "", 0x0102)
        writer.fixed32(16, "", 3)
        writer.message(5, "") { $0.bool(1, "", true) }
        writer.double(6, "", 1)
        let expected: [UInt8] =
            [0x08, 0x96, 0x01, 0x10] + Array(repeating: 0xFF, count: 9) + [0x01, 0x1A, 2, 0xC3, 0xA9]
            + [0x21, 2, 1, 0, 0, 0, 0, 0, 0, 0x85, 0x01, 3, 0, 0, 0, 0x2A, 2, 0x08, 1]
            + [0x31, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F]
        #expect(writer.content == expected)
    }

    @Test("JSON: identifiers in hexadecimal, wide integers as texts, enumerations as numbers")
    func json() {
        var writer = JSONMessageWriter()
        writer.identifier(1, "traceId", [0x0A, 0xFF])
        writer.uint32(2, "kind", 2)
        writer.fixed64(3, "endTimeUnixNano", .max)
        writer.int64(4, "intValue", -5)
        writer.double(5, "doubleValue", .infinity)
        writer.messages(6, "values", [true, false]) { $1.bool(1, "boolValue", $0) }
        #expect(
            String(decoding: writer.content, as: UTF8.self)
                == #"{"traceId":"0aff","kind":2,"endTimeUnixNano":"18446744073709551615","intValue":"-5","#
                + #""doubleValue":"Infinity","values":[{"boolValue":true},{"boolValue":false}]}"#)
    }

    @Test("An answer tells what a collector did not take, in either encoding")
    func partialSuccess() throws {
        let protobuf: [UInt8] = [0x0A, 6, 0x08, 3, 0x12, 2, 0x6E, 0x6F]
        let json = Array(#"{"partialSuccess":{"rejectedSpans":"3","errorMessage":"no"}}"#.utf8)
        for partial in [PartialSuccess(protobuf: protobuf), PartialSuccess(json: json)] {
            #expect(partial?.rejectedSpans == 3)
            #expect(partial?.message == "no")
        }
    }

    @Test(
        "An answer without one, or that cannot be read, means that all was taken",
        arguments: ["", "{}", #"{"partialSuccess":{}}"#, "nonsense", "\u{0A}\u{00}", "\u{0A}\u{7F}"])
    func success(_ text: String) {
        #expect(PartialSuccess(json: Array(text.utf8)) == nil)
        #expect(PartialSuccess(protobuf: Array(text.utf8)) == nil)
    }
}
