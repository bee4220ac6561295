// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import NIOCore
import Testing

@testable import ServiceKit

@Suite("A line splitter")
struct LineSplitterTests {
    /// The lines of pieces, a line that is too long as `#`.
    private func split(_ pieces: [String], limit: Int = 4) -> [String] {
        var splitter = LineSplitter(limit: limit)
        var lines: [NDJSONLine] = []
        for piece in pieces {
            splitter.append(ByteBuffer(string: piece))
            while let line = splitter.next() { lines.append(line) }
        }
        if let line = splitter.finish() { lines.append(line) }
        return lines.map { line in
            switch line.content {
            case .text(let text): "\(line.number):\(String(decoding: text, as: UTF8.self))"
            case .tooLong: "\(line.number):#"
            }
        }
    }

    private static let cases: [(String, [String])] = [
        ("", []), ("\n", []), ("\n\n \t\n\r\n\r", []), ("a", ["1:a"]), ("a\n", ["1:a"]), ("a\nb", ["1:a", "2:b"]),
        ("a\r\nb\r\n", ["1:a", "2:b"]), ("a\r", ["1:a"]), ("a\rb\n", ["1:a\rb"]), ("\n\na\n\nb", ["3:a", "5:b"]),
        ("abcd\nabcd", ["1:abcd", "2:abcd"]), ("abcd\r\nabcd\r", ["1:abcd", "2:abcd"]),
        ("abcde\nab", ["1:#", "2:ab"]), ("abcde", ["1:#"]), ("abcde\r\nab", ["1:#", "2:ab"]),
        ("abcdefghijkl\nab\nabcdefgh", ["1:#", "2:ab", "3:#"]), ("     \na", ["1:#", "2:a"]), ("    \na", ["2:a"]),
        ("abcdef\n\nabcdef\n\n", ["1:#", "3:#"]), ("é\nü\n", ["1:é", "2:ü"]), (" a\t\n", ["1: a\t"]),
        ("\u{FEFF}abcd\nab", ["1:abcd", "2:ab"]), ("\u{FEFF}\na", ["2:a"]), ("\u{FEFF}abcde", ["1:#"]),
        ("a\n\u{FEFF}", ["1:a", "2:\u{FEFF}"]),
    ]

    @Test("finds the lines, with their numbers", arguments: cases)
    func whole(text: String, lines: [String]) {
        #expect(split([text]) == lines)
    }

    @Test("finds the same lines however the bytes are cut", arguments: cases)
    func cut(text: String, lines: [String]) {
        let bytes = Array(text.utf8)
        func piece(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        #expect(split(bytes.isEmpty ? [] : text.unicodeScalars.map { String($0) }) == lines)
        guard bytes.allSatisfy({ $0 < 0x80 }) else { return }
        for first in 0...bytes.count {
            for second in first...bytes.count {
                #expect(split([piece(0..<first), piece(first..<second), piece(second..<bytes.count)]) == lines)
            }
        }
    }

    @Test("reports a line that is too long before its end has come")
    func early() {
        var splitter = LineSplitter(limit: 4)
        splitter.append(ByteBuffer(string: "abcdef"))
        #expect(splitter.next() == NDJSONLine(number: 1, content: .tooLong))
        #expect(splitter.next() == nil)
        for _ in 0..<100 {
            splitter.append(ByteBuffer(repeating: UInt8(ascii: "x"), count: 1000))
            #expect(splitter.next() == nil)
        }
        splitter.append(ByteBuffer(string: "\nab\n"))
        #expect(splitter.next() == NDJSONLine(number: 2, content: .text(Array("ab".utf8))))
        #expect(splitter.finish() == nil)
    }
}
