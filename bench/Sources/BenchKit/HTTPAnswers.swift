// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Finds where an answer ends, and nothing else: the generator shares the machine with what it measures.
///
/// It knows bodies with a `Content-Length`, which all answers to a load have.
struct HTTPAnswers {
    struct Answer {
        var status: Int
        var body: Range<Int>
    }

    enum Malformed: Error { case noStatus, noLength }

    /// The first answer in the bytes; `nil` until it is complete.
    static func first(in bytes: [UInt8], count: Int) throws(Malformed) -> Answer? {
        guard let end = endOfHead(bytes, count) else { return nil }
        // HTTP/1.1 202
        guard end > 12, let status = number(bytes, 9..<12) else { throw .noStatus }
        guard let length = try contentLength(bytes, end) else { throw .noLength }
        guard count >= end + length else { return nil }
        return Answer(status: status, body: end..<end + length)
    }

    private static func endOfHead(_ bytes: [UInt8], _ count: Int) -> Int? {
        var index = 3
        while index < count {
            switch bytes[index] {
            case UInt8(ascii: "\n"):
                if bytes[index - 1] == UInt8(ascii: "\r"), bytes[index - 2] == UInt8(ascii: "\n") { return index + 1 }
                index += 2
            case UInt8(ascii: "\r"): index += 1
            default: index += 4
            }
        }
        return nil
    }

    private static let lengthName = Array("content-length:".utf8)

    private static func contentLength(_ bytes: [UInt8], _ end: Int) throws(Malformed) -> Int? {
        var line = 0
        while line < end {
            guard let next = bytes[line..<end].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            if isLength(bytes, line..<next) {
                return number(bytes, line + lengthName.count..<next)
            }
            line = next + 1
        }
        return nil
    }

    private static func isLength(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        guard line.count > lengthName.count else { return false }
        // Bit 5 makes a letter small.
        for index in 0..<lengthName.count where bytes[line.lowerBound + index] | 0x20 != lengthName[index] {
            return false
        }
        return true
    }

    private static func number(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
        var value: Int?
        for byte in bytes[range] where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") {
            value = (value ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }
}
