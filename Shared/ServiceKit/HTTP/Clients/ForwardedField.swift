// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What proxies say of those whose requests they pass on: `Forwarded` (RFC 7239) and, older and in wider use,
/// `X-Forwarded-For`. Each proxy adds at the end whose request came to it.
enum ForwardedField {
    /// The addresses in a value of `Forwarded`, in its order; `nil` in place of what is none, say `unknown` (§6.2).
    ///
    /// - Returns: a single `nil` for a value that is malformed: nobody knows which part of it a proxy has written.
    static func addresses(_ value: String) -> [IPAddress?] {
        guard let elements = split(value[...], at: UInt8(ascii: ",")) else { return [nil] }
        return elements.map { element in
            let nodes = (split(element, at: UInt8(ascii: ";")) ?? []).compactMap(node)
            // §4: a parameter stands in an element once at most.
            return nodes.count == 1 ? address(unquoted(nodes[0])) : nil
        }
    }

    /// The same of `X-Forwarded-For`.
    static func addresses(xForwardedFor value: String) -> [IPAddress?] {
        value.split(separator: ",", omittingEmptySubsequences: false).map { address(trimmed($0)) }
    }

    /// The value of a pair, if it is `for`.
    private static func node(_ pair: Substring) -> Substring? {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, trimmed(parts[0]).lowercased() == "for" else { return nil }
        return trimmed(parts[1])
    }

    /// The address of a node (§6), which may have a port; one of version 6 is in brackets then, and in `Forwarded` always.
    private static func address(_ node: Substring) -> IPAddress? {
        if node.first == "[" {
            guard let end = node.firstIndex(of: "]") else { return nil }
            let port = node[node.index(after: end)...]
            return port.isEmpty || port.first == ":" ? IPAddress(node[node.index(after: node.startIndex)..<end]) : nil
        }
        let isOneColon = node.utf8.count(where: { $0 == UInt8(ascii: ":") }) == 1
        return IPAddress(isOneColon ? node.prefix { $0 != ":" } : node)
    }

    /// The text of a quoted string (RFC 9110 §5.6.4). No address has anything that would have to be escaped.
    private static func unquoted(_ text: Substring) -> Substring {
        text.utf8.count >= 2 && text.first == "\"" && text.last == "\"" ? text.dropFirst().dropLast() : text
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0 == " " || $0 == "\t" }
        return start.prefix(
            upTo: start.lastIndex { $0 != " " && $0 != "\t" }.map(start.index(after:)) ?? start.startIndex)
    }

    /// Splits at a separator outside quoted strings; `nil` when one of them has no end.
    private static func split(_ text: Substring, at separator: UInt8) -> [Substring]? {
        var parts: [Substring] = []
        var (start, isQuoted, isEscaped) = (text.startIndex, false, false)
        for index in text.utf8.indices {
            let byte = text.utf8[index]
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if isQuoted {
                isEscaped = byte == UInt8(ascii: "\\")
            } else if byte == separator {
                parts.append(text[start..<index])
                start = text.utf8.index(after: index)
            }
        }
        return isQuoted ? nil : parts + [text[start...]]
    }
}
