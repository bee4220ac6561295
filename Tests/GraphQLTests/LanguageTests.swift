// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import GraphQL

@Suite("Reading documents")
struct LanguageTests {
    private func error(_ text: String) -> GraphQLError? {
        do throws(GraphQLError) {
            _ = try Parser.parse(text, limits: DocumentLimits())
        } catch {
            return error
        }
        return nil
    }

    @Test("Lines end as the language says, and columns count characters, not bytes")
    func locations() {
        #expect(error("{\r\n  é😀 }")?.locations == [SourceLocation(line: 2, column: 3)])
        #expect(error("{\r\r\n\n\"é😀\" }")?.locations == [SourceLocation(line: 4, column: 1)])
        #expect(error("{ a(b: \"é😀\" ?")?.locations == [SourceLocation(line: 1, column: 13)])
    }

    @Test("A place is the same wherever counting begins", arguments: 0..<4)
    func places(_ seed: UInt64) {
        var random = SplitMix(state: seed)
        let text = (0..<1500).map { _ in ["a", "é", "😀", "\n", "\r", "\r\n"].randomElement(using: &random) ?? "" }
            .joined()
        let source = SourceText(text)
        var expected = SourceLocation(line: 1, column: 1)
        for (offset, byte) in source.bytes.enumerated() {
            // Between the two characters of a line's end nothing begins.
            let isInside = offset > 0 && byte == UInt8(ascii: "\n") && source.bytes[offset - 1] == UInt8(ascii: "\r")
            if !isInside { #expect(source.location(at: offset) == expected) }
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                if !isInside { expected = SourceLocation(line: expected.line + 1, column: 1) }
            case 0x80...0xBF: break
            default: expected = SourceLocation(line: expected.line, column: expected.column + 1)
            }
        }
    }

    @Test("Errors of syntax do not repeat strings")
    func keepsStringsSecret() {
        #expect(error("{ a \"ada@computing.org\" }")?.message == "Syntax error: Expected a name, found a string.")
    }

    @Test("Any bytes end in a document or an error", arguments: 0..<8)
    func survivesNoise(_ seed: UInt64) {
        var random = SplitMix(state: seed)
        let pieces = [
            "{", "}", "(", ")", "[", "]", ":", "$", "@", "...", "\"", "\"\"\"", "\\", "\\u", "é", "#", "\n", "a", "on",
            "1", "-", ".", "e", " ",
        ]
        for _ in 0..<500 {
            let text = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }
            _ = error(text.joined())
        }
    }

    @Test("Block strings lose the indent that their lines share")
    func blockStrings() {
        #expect(BlockString.value(ofRaw: Array("\n    a\n      b\r\n\n    c\n  ".utf8)) == "a\n  b\n\nc")
        #expect(BlockString.value(ofRaw: Array("  a\n  b".utf8)) == "  a\nb")
        #expect(BlockString.value(ofRaw: Array(" \n\t".utf8)) == "")
    }

    @Test("Values are written as they are read")
    func printsValues() throws {
        let text = #"{ a(b: [1, -2.5e3, "x\n\"\\\u0000", true, null, RED, $v, { c: {}, d: [] }]) }"#
        let document = try Parser.parse(text, limits: DocumentLimits())
        guard case .field(let field)? = document.operations.first?.selectionSet.selections.first else {
            Issue.record("There is no field")
            return
        }
        #expect("{ a(b: " + ValuePrinter.print(field.arguments[0].value) + ") }" == text)
    }
}

/// Repeats exactly, so that a failure can be looked at.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
