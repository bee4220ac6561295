// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// `tracestate`: what vendors add to a trace (W3C Trace Context §3.3). Handed on unchanged, or not at all.
struct TraceState: Hashable, Sendable {
    /// The field's text; empty for nothing.
    let text: String

    /// Nothing.
    init() { text = "" }

    /// Reads a field; `nil` when it is not well-formed, with which nothing of it may be used (§3.3.1.1, §4.3).
    init?(_ text: String) {
        var keys: Set<Substring> = []
        for entry in text.split(separator: ",") {
            let member = entry.trimmingSpaces()
            // Empty members are allowed, and count for nothing.
            guard !member.isEmpty else { continue }
            guard let equals = member.firstIndex(of: "="), Self.isKey(member[..<equals]),
                Self.isValue(member[member.index(after: equals)...]), keys.insert(member[..<equals]).inserted
            else { return nil }
        }
        guard keys.count <= 32 else { return nil }
        self.text = text
    }

    /// §3.3.1.3.1, of which level 2 takes every key of level 1.
    private static func isKey(_ key: Substring) -> Bool {
        guard (1...256).contains(key.utf8.count), let first = key.utf8.first, isLetter(first) || isDigit(first) else {
            return false
        }
        return key.utf8.allSatisfy { isLetter($0) || isDigit($0) || "_-*/@".utf8.contains($0) }
    }

    /// §3.3.1.3.2: printable ASCII without comma and equals sign, no space at the end.
    private static func isValue(_ value: Substring) -> Bool {
        (1...256).contains(value.utf8.count) && value.utf8.last != UInt8(ascii: " ")
            && value.utf8.allSatisfy {
                (0x20...0x7E).contains($0) && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "=")
            }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension Substring {
    /// Without spaces and tabs around it.
    func trimmingSpaces() -> Substring {
        var rest = self
        while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        return rest
    }
}
