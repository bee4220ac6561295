// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Writes values as the language does.
enum ValuePrinter {
    static func print(_ value: ValueNode) -> String {
        switch value.kind {
        case .variable(let name): "$" + name
        case .int(let text), .float(let text), .enum(let text): text
        case .string(let text, _): quoted(text)
        case .boolean(let value): value ? "true" : "false"
        case .null: "null"
        case .list(let values): "[" + values.map(print).joined(separator: ", ") + "]"
        case .object(let fields):
            fields.isEmpty
                ? "{}" : "{ " + fields.map { "\($0.name.text): \(print($0.value))" }.joined(separator: ", ") + " }"
        }
    }

    /// A string in one line, with escapes.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{8}": result += "\\b"
            case "\u{C}": result += "\\f"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}":
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
