// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// JSON for people: a member or element a line, two blanks for each level.
enum PrettyJSON {
    /// The lines of a value.
    static func lines(_ value: JSONValue) -> [String] { lines(value, before: "", after: "", indent: "") }

    private static func lines(_ value: JSONValue, before: String, after: String, indent: String) -> [String] {
        func nested(_ open: String, _ close: String, _ parts: [(String, JSONValue)]) -> [String] {
            guard !parts.isEmpty else { return [indent + before + open + close + after] }
            var result = [indent + before + open]
            for (index, (name, value)) in parts.enumerated() {
                result += lines(
                    value, before: name, after: index == parts.count - 1 ? "" : ",", indent: indent + "  ")
            }
            return result + [indent + close + after]
        }
        switch value {
        case .array(let elements): return nested("[", "]", elements.map { ("", $0) })
        case .object(let object):
            return nested("{", "}", object.members.map { (text(.string($0.name)) + ": ", $0.value) })
        default: return [indent + before + text(value) + after]
        }
    }

    /// A value in one line, with escapes for everything that a terminal would not show as it is.
    static func text(_ value: JSONValue) -> String {
        var writer = JSONWriter()
        writer.value(value)
        var result = String.UnicodeScalarView()
        for scalar in String(decoding: writer.bytes, as: UTF8.self).unicodeScalars {
            if Printable.isPlain(scalar) {
                result.append(scalar)
            } else {
                // JSON's escapes are UTF-16 (RFC 8259 §7).
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16, uppercase: true)
                    let escape = "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                    result.append(contentsOf: escape.unicodeScalars)
                }
            }
        }
        return String(result)
    }
}

extension JSONObject {
    /// The object in one line, fit for a terminal.
    var line: String { PrettyJSON.text(.object(self)) }
}
