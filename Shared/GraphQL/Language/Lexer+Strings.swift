// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Section 2.9.4, String Value.
extension Lexer {
    mutating func string() throws(GraphQLError) -> Token {
        let start = position
        var value: [UInt8] = []
        var index = start + 1
        while index < source.bytes.count {
            switch source.bytes[index] {
            case UInt8(ascii: "\""):
                position = index + 1
                return Token(kind: .string, start: start, end: position, value: String(decoding: value, as: UTF8.self))
            case UInt8(ascii: "\\"):
                let (scalar, length) = try escape(at: index)
                value.append(contentsOf: String(scalar).utf8)
                index += length
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                throw error("Unterminated string.", at: index)
            case let byte:
                value.append(byte)
                index += 1
            }
        }
        throw error("Unterminated string.", at: index)
    }

    mutating func blockString() throws(GraphQLError) -> Token {
        let start = position
        var raw: [UInt8] = []
        var index = start + 3
        while index < source.bytes.count {
            if isTripleQuote(at: index) {
                position = index + 3
                return Token(kind: .blockString, start: start, end: position, value: BlockString.value(ofRaw: raw))
            }
            if source.bytes[index] == UInt8(ascii: "\\"), isTripleQuote(at: index + 1) {
                raw.append(contentsOf: "\"\"\"".utf8)
                index += 4
            } else {
                raw.append(source.bytes[index])
                index += 1
            }
        }
        throw error("Unterminated string.", at: index)
    }

    private func isTripleQuote(at index: Int) -> Bool {
        byte(index) == UInt8(ascii: "\"") && byte(index + 1) == UInt8(ascii: "\"")
            && byte(index + 2) == UInt8(ascii: "\"")
    }

    /// What an escape sequence stands for, and how many bytes it takes.
    private func escape(at start: Int) throws(GraphQLError) -> (Unicode.Scalar, Int) {
        switch byte(start + 1) {
        case UInt8(ascii: "\""): return ("\"", 2)
        case UInt8(ascii: "\\"): return ("\\", 2)
        case UInt8(ascii: "/"): return ("/", 2)
        case UInt8(ascii: "b"): return ("\u{8}", 2)
        case UInt8(ascii: "f"): return ("\u{C}", 2)
        case UInt8(ascii: "n"): return ("\n", 2)
        case UInt8(ascii: "r"): return ("\r", 2)
        case UInt8(ascii: "t"): return ("\t", 2)
        case UInt8(ascii: "u"):
            let isBraced = byte(start + 2) == UInt8(ascii: "{")
            if let found = isBraced ? bracedEscape(at: start) : plainEscape(at: start) { return found }
            throw error("Invalid Unicode escape sequence.", at: start)
        default:
            throw error("Invalid character escape sequence.", at: start)
        }
    }

    /// `\u{1F600}`: digits of any number, as long as they name a Unicode scalar value.
    private func bracedEscape(at start: Int) -> (Unicode.Scalar, Int)? {
        var point: UInt32 = 0
        var index = start + 3
        while let digit = hexDigit(byte(index)) {
            guard point <= 0x10FFFF else { return nil }
            point = point << 4 | digit
            index += 1
        }
        guard index > start + 3, byte(index) == UInt8(ascii: "}"), let scalar = Unicode.Scalar(point) else {
            return nil
        }
        return (scalar, index + 1 - start)
    }

    /// `\u00E9`, or two of them that are a surrogate pair.
    private func plainEscape(at start: Int) -> (Unicode.Scalar, Int)? {
        guard let first = fourDigits(at: start + 2) else { return nil }
        if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
        guard UTF16.isLeadSurrogate(UInt16(first)), byte(start + 6) == UInt8(ascii: "\\"),
            byte(start + 7) == UInt8(ascii: "u"), let second = fourDigits(at: start + 8),
            UTF16.isTrailSurrogate(UInt16(second)),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { return nil }
        return (scalar, 12)
    }

    private func fourDigits(at start: Int) -> UInt32? {
        var value: UInt32 = 0
        for index in start..<start + 4 {
            guard let digit = hexDigit(byte(index)) else { return nil }
            value = value << 4 | digit
        }
        return value
    }

    private func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
