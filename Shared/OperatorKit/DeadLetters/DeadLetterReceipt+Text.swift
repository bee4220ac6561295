// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRSAMQP

extension DeadLetterReceipt {
    /// A line for people, with everything that identifies the letter.
    var line: String {
        var parts = [words.outcome, letter.id]
        if let stream = letter.stream { parts.append("stream=\(stream)") }
        if let version = letter.version { parts.append("version=\(version)") }
        if let type = letter.type { parts.append("type=\(type)") }
        if let reason = letter.reason { parts.append("reason=\(reason)") }
        if let failedAt = letter.failedAt { parts.append("failed-at=\(failedAt)") }
        let text = parts.map { Printable.text($0, limit: 128) }.joined(separator: "  ")
        return words.detail.map { "\(text): \(Printable.text($0))" } ?? text
    }
}
