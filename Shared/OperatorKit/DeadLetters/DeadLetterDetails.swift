// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import CQRSAMQP
internal import Essentials

/// Everything about one letter, for people. Holds personal data where the message does.
struct DeadLetterDetails {
    /// How much of a body is shown, in bytes.
    static let bodyLimit = 64 << 10

    let letter: DeadLetterRecord

    var lines: [String] {
        ["Letter \(Printable.text(letter.id))"] + section(summary)
            + ["", "Properties"] + section(letter.propertyMembers)
            + ["", "Headers"] + section((letter.properties.headers ?? [:]).json.members.map { ($0.name, $0.value) })
            + ["", "Body, \(letter.body.count) bytes"] + body.map { "  " + $0 }
    }

    private func section(_ members: [(String, JSONValue)]) -> [String] {
        let shown = members.filter { $0.1 != .null }.map { (Printable.text($0.0), $0.1) }
        guard let width = shown.map(\.0.count).max() else { return ["  none"] }
        return shown.map { name, value in
            let padding = String(repeating: " ", count: width - name.count + 2)
            guard case .string(let text) = value else { return "  " + name + padding + PrettyJSON.text(value) }
            return "  " + name + padding + Printable.text(text)
        }
    }

    private var summary: [(String, JSONValue)] {
        letter.json.members.map { ($0.name, $0.value) }.filter { $0.0 != "id" && $0.0 != "bodyBytes" }
    }

    private var body: [String] {
        if letter.body.isEmpty { return ["none"] }
        if letter.body.count <= Self.bodyLimit, let value = try? JSON.parse(letter.body) {
            return PrettyJSON.lines(value)
        }
        let shown = Array(letter.body.prefix(Self.bodyLimit))
        let rest = letter.body.count - shown.count
        return Self.text(shown, isCut: rest > 0) + (rest > 0 ? ["… and \(rest) bytes more"] : [])
    }

    /// Text as text, line by line; anything else in hexadecimal digits.
    private static func text(_ bytes: [UInt8], isCut: Bool) -> [String] {
        // The cut may have gone through a character of up to four bytes.
        for dropped in 0...(isCut ? min(3, bytes.count) : 0) {
            guard let text = String(validating: bytes.dropLast(dropped), as: UTF8.self) else { continue }
            return text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map {
                Printable.text($0)
            }
        }
        return Hex.lines(bytes)
    }
}
