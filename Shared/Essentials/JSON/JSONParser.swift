// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A recursive descent over the bytes; the depth limit bounds the stack.
struct JSONParser {
    let bytes: [UInt8]
    let depthLimit: Int
    private var index = 0
    private var depth = 0

    init(bytes: [UInt8], depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    mutating func parseDocument() throws(JSONSyntaxError) -> JSONValue {
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
            throw error(.byteOrderMark, at: 0)
        }
        skipWhiteSpace()
        guard index < bytes.count else { throw error(.empty) }
        let value = try parseValue()
        skipWhiteSpace()
        guard index == bytes.count else { throw error(.trailingData) }
        return value
    }

    private func error(_ reason: JSONSyntaxError.Reason, at offset: Int? = nil) -> JSONSyntaxError {
        JSONSyntaxError(reason, at: offset ?? index, in: bytes)
    }

    /// The byte at the index, or an error at the end of the text.
    private func current() throws(JSONSyntaxError) -> UInt8 {
        guard index < bytes.count else { throw error(.unexpectedEnd) }
        return bytes[index]
    }

    private mutating func skipWhiteSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    private mutating func parseValue() throws(JSONSyntaxError) -> JSONValue {
        switch try current() {
        case UInt8(ascii: "{"): return .object(try parseObject())
        case UInt8(ascii: "["): return .array(try parseArray())
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try parseNumber())
        default: throw error(.expectedValue)
        }
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        let start = index
        for byte in "\(word)".utf8 {
            guard try current() == byte else { throw error(.expectedValue, at: start) }
            index += 1
        }
        return value
    }

    private mutating func enter() throws(JSONSyntaxError) {
        depth += 1
        guard depth <= depthLimit else { throw error(.tooDeep) }
        index += 1
        skipWhiteSpace()
    }

    private mutating func leave() {
        depth -= 1
        index += 1
    }

    /// Goes over the comma behind an element and returns `true`, or stops at `end` and returns `false`.
    private mutating func next(end: UInt8) throws(JSONSyntaxError) -> Bool {
        skipWhiteSpace()
        switch try current() {
        case UInt8(ascii: ","):
            index += 1
            skipWhiteSpace()
            return true
        case end:
            return false
        default:
            throw error(.expectedCommaOrEnd)
        }
    }

    private mutating func parseArray() throws(JSONSyntaxError) -> [JSONValue] {
        try enter()
        var elements: [JSONValue] = []
        let end = UInt8(ascii: "]")
        if try current() != end {
            repeat { elements.append(try parseValue()) } while try next(end: end)
        }
        leave()
        return elements
    }

    private mutating func parseObject() throws(JSONSyntaxError) -> JSONObject {
        try enter()
        var object = JSONObject()
        let end = UInt8(ascii: "}")
        if try current() != end {
            repeat {
                guard try current() == UInt8(ascii: "\"") else { throw error(.expectedName) }
                let start = index
                let name = try parseString()
                skipWhiteSpace()
                guard try current() == UInt8(ascii: ":") else { throw error(.expectedColon) }
                index += 1
                skipWhiteSpace()
                let value = try parseValue()
                guard object.append(name, value) else { throw error(.duplicateName, at: start) }
            } while try next(end: end)
        }
        leave()
        return object
    }

    private mutating func parseNumber() throws(JSONSyntaxError) -> JSONNumber {
        let start = index
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        if try current() == UInt8(ascii: "0") {
            index += 1
        } else {
            try skipDigits()
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            try skipDigits()
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            let sign = try current()
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { index += 1 }
            try skipDigits()
        }
        // `01` and `1x` are no two tokens: say that the number is wrong rather than that a comma is missing.
        if index < bytes.count, isNumberByte(bytes[index]) { throw error(.invalidNumber) }
        return JSONNumber(checked: String(decoding: bytes[start..<index], as: UTF8.self))
    }

    private mutating func skipDigits() throws(JSONSyntaxError) {
        let start = index
        while index < bytes.count, isDigit(bytes[index]) { index += 1 }
        guard index > start else { throw error(index < bytes.count ? .invalidNumber : .unexpectedEnd) }
    }

    // MARK: Strings

    private mutating func parseString() throws(JSONSyntaxError) -> String {
        index += 1
        let start = index
        while true {
            switch try current() {
            case UInt8(ascii: "\""):
                let text = try text(start..<index)
                index += 1
                return text
            case UInt8(ascii: "\\"):
                return try parseEscapedString(from: start)
            case 0..<0x20:
                throw error(.controlCharacter)
            default:
                index += 1
            }
        }
    }

    /// The slow path: from the first backslash on the string is put together piece by piece.
    private mutating func parseEscapedString(from start: Int) throws(JSONSyntaxError) -> String {
        var result = try text(start..<index)
        var piece = index
        while true {
            switch try current() {
            case UInt8(ascii: "\""):
                result += try text(piece..<index)
                index += 1
                return result
            case UInt8(ascii: "\\"):
                result += try text(piece..<index)
                result.unicodeScalars.append(try parseEscape())
                piece = index
            case 0..<0x20:
                throw error(.controlCharacter)
            default:
                index += 1
            }
        }
    }

    private mutating func parseEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
        let start = index
        index += 1
        let kind = try current()
        index += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(kind)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw error(.invalidEscape, at: start)
        }
        let unit = try parseHex(escape: start)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        // A high surrogate is worth something only with the low one right behind it (RFC 8259 §7).
        guard unit < 0xDC00, index + 1 < bytes.count,
            bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
        else { throw error(.loneSurrogate, at: start) }
        index += 2
        let low = try parseHex(escape: index - 2)
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(unit - 0xD800) << 10) + UInt32(low - 0xDC00))
        else { throw error(.loneSurrogate, at: start) }
        return scalar
    }

    private mutating func parseHex(escape start: Int) throws(JSONSyntaxError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            let byte = try current()
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw error(.invalidEscape, at: start)
            }
            unit = unit << 4 | UInt16(digit)
            index += 1
        }
        return unit
    }

    private func text(_ range: Range<Int>) throws(JSONSyntaxError) -> String {
        if let valid = try? UTF8Span(validating: bytes.span.extracting(range)) { return String(copying: valid) }
        throw error(.invalidUTF8, at: UTF8Check.firstInvalid(in: bytes, range) ?? range.lowerBound)
    }
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

private func isNumberByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    default: false
    }
}
