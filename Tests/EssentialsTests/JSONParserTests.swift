// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import Testing

@testable import Essentials

@Suite("JSON reader", .timeLimit(.minutes(1)))
struct JSONParserTests {
    private func parse(_ text: String) throws -> JSONValue { try JSON.parse(Array(text.utf8)) }

    private func failure(_ bytes: [UInt8]) -> JSONSyntaxError? {
        do {
            _ = try JSON.parse(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "valid documents are read",
        arguments: [
            ("null", .null), (" true\n", .bool(true)), ("false", .bool(false)), (#""""#, .string("")),
            (#""a\"\\\/\b\f\n\r\tz""#, .string("a\"\\/\u{8}\u{C}\n\r\tz")),
            (#""\u0041\u00e9\u20AC""#, .string("A\u{e9}€")),
            (#""\ud83d\ude00""#, .string("😀")), (#""\uD834\uDD1E x""#, .string("𝄞 x")),
            ("\"😀é\u{7f}\"", .string("😀é\u{7f}")),
            (#""\u0000""#, .string("\u{0}")), (#""\uffff\uFFFE""#, .string("\u{ffff}\u{fffe}")),
            ("[]", .array([])), ("[ ]", .array([])), ("[null , 1]", .array([.null, 1])),
            ("[[[]]]", .array([.array([.array([])])])),
        ] as [(String, JSONValue)])
    func valid(_ text: String, _ value: JSONValue) throws {
        #expect(try parse(text) == value)
    }

    @Test(
        "valid numbers keep their text",
        arguments: [
            "0", "-0", "1", "-1", "10", "1234567890", "0.5", "-0.5", "1e5", "1E5", "1e+5", "1e-5", "1.5e300", "0e0",
            "0e+1",
            "123456789012345678901234567890", "1e400", "0.00000000000000000000000001",
        ])
    func numbers(_ text: String) throws {
        guard case .number(let number) = try parse(text) else {
            Issue.record("no number")
            return
        }
        #expect(number.text == text)
        #expect(number.integer == Int(text))
    }

    @Test("numbers that do not fit are nil, not rounded or trapped")
    func numberRanges() throws {
        #expect(JSONNumber(checked: "9223372036854775807").integer == .max)
        #expect(JSONNumber(checked: "9223372036854775808").integer == nil)
        #expect(JSONNumber(checked: "1e400").double == nil)
        #expect(JSONNumber(checked: "2.5").double == 2.5)
    }

    @Test(
        "a whole number may have a fraction of zeros, and no other",
        arguments: [("10.0", 10), ("-3.00", -3), ("0.0", 0), ("1.5", nil), ("1.01", nil), ("1.0e1", nil)])
    func fractions(_ text: String, _ integer: Int?) throws {
        #expect(JSONNumber(checked: text).integer == integer)
    }

    @Test("objects keep the order of their members")
    func order() throws {
        let object = try #require(try JSON.parseObject(Array(#"{"b":1,"a":{"x":[]},"":null}"#.utf8)))
        #expect(object.members.map(\.name) == ["b", "a", ""])
        #expect(object["b"] == 1)
        #expect(object["c"] == nil)
    }

    @Test(
        "invalid documents are refused with reason and place",
        arguments: [
            ("", .empty, 0), (" \n", .empty, 2), ("{", .unexpectedEnd, 1), ("[", .unexpectedEnd, 1),
            ("[1", .unexpectedEnd, 2),
            ("[1,", .unexpectedEnd, 3), ("[1,]", .expectedValue, 3), ("[,1]", .expectedValue, 1),
            ("[1 2]", .expectedCommaOrEnd, 3),
            ("[1}", .expectedCommaOrEnd, 2), ("]", .expectedValue, 0), ("{]", .expectedName, 1),
            ("{a:1}", .expectedName, 1),
            ("{'a':1}", .expectedName, 1), (#"{"a" 1}"#, .expectedColon, 5), (#"{"a":}"#, .expectedValue, 5),
            (#"{"a":1,}"#, .expectedName, 7), (#"{"a":1 "b":2}"#, .expectedCommaOrEnd, 7),
            (#"{"a"}"#, .expectedColon, 4),
            (#"{"a":1}x"#, .trailingData, 7), ("1 2", .trailingData, 2), ("{}{}", .trailingData, 2),
            ("nul", .unexpectedEnd, 3),
            ("nulL", .expectedValue, 0), ("True", .expectedValue, 0), ("NaN", .expectedValue, 0),
            ("Infinity", .expectedValue, 0),
            ("-", .unexpectedEnd, 1), ("-a", .invalidNumber, 1), ("01", .invalidNumber, 1), ("-01", .invalidNumber, 2),
            ("1.", .unexpectedEnd, 2), ("1.x", .invalidNumber, 2), (".5", .expectedValue, 0), ("+1", .expectedValue, 0),
            ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3), ("1ex", .invalidNumber, 2),
            ("0x10", .invalidNumber, 1),
            ("1_000", .trailingData, 1), ("1a", .invalidNumber, 1), (#""abc"#, .unexpectedEnd, 4),
            (#""a\"#, .unexpectedEnd, 3),
            (#""\x""#, .invalidEscape, 1), (#""\u12"#, .unexpectedEnd, 5), (#""\u12G4""#, .invalidEscape, 1),
            (#""\ud800""#, .loneSurrogate, 1), (#""\udc00""#, .loneSurrogate, 1),
            (#""\ud800\ud800""#, .loneSurrogate, 1),
            (#""\ud800x""#, .loneSurrogate, 1), (#""\ud800\n""#, .loneSurrogate, 1),
            ("\"a\u{0}\"", .controlCharacter, 2),
            ("\"a\nb\"", .controlCharacter, 2), ("\"\t\"", .controlCharacter, 1),
            ("\"\\n\u{1f}\"", .controlCharacter, 3),
            ("\u{feff}{}", .byteOrderMark, 0), ("// x", .expectedValue, 0), ("[1/*x*/]", .expectedCommaOrEnd, 2),
            (#"{"a":1,"a":2}"#, .duplicateName, 7), (#"{"a":1,"\u0061":2}"#, .duplicateName, 7),
            ("\u{a0}1", .expectedValue, 0),
        ] as [(String, JSONSyntaxError.Reason, Int)])
    func invalid(_ text: String, _ reason: JSONSyntaxError.Reason, _ offset: Int) {
        let error = failure(Array(text.utf8))
        #expect(error?.reason == reason)
        #expect(error?.offset == offset)
    }

    @Test(
        "bytes that are not UTF-8 are refused where they stand",
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
            [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE], [0xC3], [0xE2, 0x82],
            [0xF0, 0x9F, 0x98], [0xE2, 0x28, 0xA1],
        ] as [[UInt8]])
    func invalidUTF8(_ bytes: [UInt8]) {
        for prefix in [#""aé"#, #""\n"#, #"{""#, #"["a",""#] {
            let head = Array(prefix.utf8)
            let error = failure(head + bytes + Array("\"".utf8))
            #expect(error?.reason == .invalidUTF8)
            #expect(error?.offset == head.count)
        }
        // Outside of strings only ASCII is allowed anyway.
        #expect(failure(bytes)?.reason == .expectedValue)
    }

    @Test("nesting is bounded")
    func depth() throws {
        let deep = Array(String(repeating: "[", count: 33).utf8)
        #expect(failure(deep)?.reason == .tooDeep)
        #expect(failure(deep)?.offset == 32)
        _ = try parse(String(repeating: "[", count: 32) + String(repeating: "]", count: 32))
        let hostile = Array(String(repeating: #"{"a":["#, count: 100_000).utf8)
        #expect(throws: JSONSyntaxError.self) { try JSON.parse(hostile, depthLimit: 10_000) }
    }

    @Test("many members with the same name are found without quadratic time")
    func manyMembers() throws {
        let members = (0..<20_000).map { #""k\#($0)":0"# }.joined(separator: ",")
        let start = ContinuousClock.now
        let object = try #require(try JSON.parseObject(Array("{\(members)}".utf8)))
        #expect(object.members.count == 20_000)
        #expect(failure(Array(#"{\#(members),"k7":1}"#.utf8))?.reason == .duplicateName)
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test("line and column count from one, in bytes")
    func place() {
        let error = failure(Array("{\n  \"é\": x}".utf8))
        #expect(error?.line == 2)
        #expect(error?.column == 9)
        #expect(error?.description == "a value was expected (line 2, column 9, byte 10)")
    }
}
