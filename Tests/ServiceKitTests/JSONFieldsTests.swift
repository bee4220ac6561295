// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Testing

@testable import ServiceKit

@Suite("Fields of a request")
struct JSONFieldsTests {
    private func fields(_ text: String) throws -> JSONFields { try JSONFields(parsing: Array(text.utf8)) }

    private func errors(_ text: String, _ read: (inout JSONFields) -> Void) throws -> [FieldError] {
        var fields = try fields(text)
        read(&fields)
        do {
            try fields.finish()
            return []
        } catch {
            #expect(error.type == .invalidFields)
            return error.errors
        }
    }

    @Test("fields of the right types are returned")
    func valid() throws {
        var fields = try fields(#"{"s":"x","i":-3,"b":true}"#)
        #expect(fields.string("s") == "x")
        #expect(fields.integer("i") == -3)
        #expect(fields.bool("b") == true)
        #expect(fields.optionalString("absent") == nil)
        try fields.finish()
    }

    @Test("missing fields, wrong types, unknown fields and own findings come together")
    func together() throws {
        let errors = try errors(#"{"a":1,"b":"x","c":null,"d":"bad","z":0}"#) { fields in
            _ = fields.string("a")
            _ = fields.integer("b")
            _ = fields.optionalString("c")
            _ = fields.string("d")
            fields.refuse("d", "is not good")
            _ = fields.bool("e")
        }
        #expect(
            errors == [
                FieldError(pointer: "/a", detail: "must be a string, not a number"),
                FieldError(pointer: "/b", detail: "must be a number, not a string"),
                FieldError(pointer: "/c", detail: "must be a string, not null"),
                FieldError(pointer: "/d", detail: "is not good"),
                FieldError(pointer: "/e", detail: "is required"),
                FieldError(pointer: "/z", detail: "is not a known field"),
            ])
    }

    @Test(
        "integers out of range, with a fraction or too large are refused",
        arguments: ["11", "-1", "1.5", "1e1", "99999999999999999999"])
    func integerRange(_ text: String) throws {
        let errors = try errors(#"{"i":\#(text)}"#) { _ = $0.integer("i", in: 0...10) }
        #expect(errors == [FieldError(pointer: "/i", detail: "must be a whole number from 0 to 10")])
    }

    @Test("U+0000 in a string is refused")
    func nul() throws {
        let errors = try errors(#"{"s":"a\u0000b"}"#) { _ = $0.string("s") }
        #expect(errors.map(\.pointer) == ["/s"])
    }

    @Test("an answer never names more than the limit of errors")
    func limit() throws {
        let members = (0..<1000).map { #""k\#($0)":0"# }.joined(separator: ",")
        #expect(try errors("{\(members)}") { _ in }.count == FieldErrors.limit)
    }
}
