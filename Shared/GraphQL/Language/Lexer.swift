// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Cuts a document into tokens (section 2.1), one at a time.
struct Lexer {
    let source: SourceText
    var position = 0

    init(_ source: SourceText) { self.source = source }

    /// The next token; `.end` for ever once the text is used up.
    mutating func next() throws(GraphQLError) -> Token {
        skipIgnored()
        let start = position
        guard start < source.bytes.count else { return Token(kind: .end, start: start, end: start) }
        if let kind = Self.punctuator(source.bytes[start]) { return token(kind, from: start, length: 1) }
        switch source.bytes[start] {
        case UInt8(ascii: "."):
            guard byte(start + 1) == UInt8(ascii: "."), byte(start + 2) == UInt8(ascii: ".") else {
                throw error("Unexpected \".\"; a spread has three.", at: start)
            }
            return token(.spread, from: start, length: 3)
        case UInt8(ascii: "\""):
            let isBlock = byte(start + 1) == UInt8(ascii: "\"") && byte(start + 2) == UInt8(ascii: "\"")
            return isBlock ? try blockString() : try string()
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            return try number()
        case let byte where Self.startsName(byte):
            var end = start + 1
            while Self.continuesName(self.byte(end)) { end += 1 }
            return token(.name, from: start, length: end - start)
        default:
            throw error("Unexpected character.", at: start)
        }
    }

    /// The byte at an offset; 0, which no token holds, behind the end.
    func byte(_ offset: Int) -> UInt8 { offset < source.bytes.count ? source.bytes[offset] : 0 }

    func error(_ message: String, at offset: Int) -> GraphQLError {
        GraphQLError(.syntax, "Syntax error: " + message, at: [offset], in: source)
    }

    /// Passes by what section 2.1.7 calls ignored: white space, line terminators, commas, comments and byte order marks.
    private mutating func skipIgnored() {
        let bytes = source.bytes
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                position += 1
            case UInt8(ascii: "#"):
                while position < bytes.count, bytes[position] != UInt8(ascii: "\n"),
                    bytes[position] != UInt8(ascii: "\r")
                {
                    position += 1
                }
            case 0xEF where byte(position + 1) == 0xBB && byte(position + 2) == 0xBF:
                position += 3
            default:
                return
            }
        }
    }

    private mutating func token(_ kind: Token.Kind, from start: Int, length: Int) -> Token {
        position = start + length
        return Token(kind: kind, start: start, end: position)
    }

    /// Section 2.9.1 and 2.9.2. A number may not run into a name or a point: `0xF1` and `1.2.3` are mistakes.
    private mutating func number() throws(GraphQLError) -> Token {
        let start = position
        var end = start
        var kind = Token.Kind.int
        if byte(end) == UInt8(ascii: "-") { end += 1 }
        if byte(end) == UInt8(ascii: "0") {
            end += 1
            guard !Self.isDigit(byte(end)) else { throw error("Unexpected digit after 0.", at: end) }
        } else {
            try skipDigits(&end)
        }
        if byte(end) == UInt8(ascii: ".") {
            kind = .float
            end += 1
            try skipDigits(&end)
        }
        if byte(end) | 0x20 == UInt8(ascii: "e") {
            kind = .float
            end += 1
            if byte(end) == UInt8(ascii: "+") || byte(end) == UInt8(ascii: "-") { end += 1 }
            try skipDigits(&end)
        }
        guard byte(end) != UInt8(ascii: "."), !Self.startsName(byte(end)) else {
            throw error("Expected a digit.", at: end)
        }
        return token(kind, from: start, length: end - start)
    }

    private func skipDigits(_ end: inout Int) throws(GraphQLError) {
        guard Self.isDigit(byte(end)) else { throw error("Expected a digit.", at: end) }
        while Self.isDigit(byte(end)) { end += 1 }
    }

    private static func punctuator(_ byte: UInt8) -> Token.Kind? {
        switch byte {
        case UInt8(ascii: "!"): .bang
        case UInt8(ascii: "$"): .dollar
        case UInt8(ascii: "&"): .ampersand
        case UInt8(ascii: "("): .parenthesisLeft
        case UInt8(ascii: ")"): .parenthesisRight
        case UInt8(ascii: ":"): .colon
        case UInt8(ascii: "="): .equals
        case UInt8(ascii: "@"): .at
        case UInt8(ascii: "["): .bracketLeft
        case UInt8(ascii: "]"): .bracketRight
        case UInt8(ascii: "{"): .braceLeft
        case UInt8(ascii: "|"): .pipe
        case UInt8(ascii: "}"): .braceRight
        default: nil
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static func startsName(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return byte == UInt8(ascii: "_") || lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
    }

    private static func continuesName(_ byte: UInt8) -> Bool { startsName(byte) || isDigit(byte) }
}
