// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Block strings: what their raw text stands for (BlockStringValue, section 2.9.4), and how to write one.
enum BlockString {
    static func value(ofRaw raw: [UInt8]) -> String {
        var lines = lines(of: raw)
        let indents = lines.map { $0.prefix(while: isWhiteSpace).count }
        let isBlank = zip(lines, indents).map { $0.count == $1 }
        guard let first = isBlank.firstIndex(of: false), let last = isBlank.lastIndex(of: false) else { return "" }
        let common = lines.indices.dropFirst().filter { !isBlank[$0] }.map { indents[$0] }.min() ?? 0
        for index in lines.indices.dropFirst() { lines[index] = lines[index].dropFirst(common) }
        return String(decoding: Array(lines[first...last].joined(separator: [UInt8(ascii: "\n")])), as: UTF8.self)
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private static func lines(of raw: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        var index = 0
        while index < raw.count {
            let byte = raw[index]
            index += 1
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else { continue }
            lines.append(raw[start..<index - 1])
            if byte == UInt8(ascii: "\r"), index < raw.count, raw[index] == UInt8(ascii: "\n") { index += 1 }
            start = index
        }
        lines.append(raw[start...])
        return lines
    }
}
