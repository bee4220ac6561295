// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A text as databases and brokers compare it: by its bytes in UTF-8.
///
/// Swift's `String` compares by canonical equivalence (Unicode §3.7): U+1FEF equals a backtick, U+212A the letter K, and
/// `é` in one scalar that in two. So a text from outside that is a key, here as there, is a key in this form.
public struct ExactText: Sendable, Hashable {
    /// The text.
    public let text: String

    /// Compares a text by its bytes.
    public init(_ text: String) { self.text = text }

    /// Whether both have the same bytes.
    public static func == (a: ExactText, b: ExactText) -> Bool {
        let (a, b) = (a.text.utf8.span, b.text.utf8.span)
        guard a.count == b.count else { return false }
        for index in a.indices where a[index] != b[index] { return false }
        return true
    }

    /// What has the same bytes is equal to Swift, too, so that the text's own hash serves.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension String {
    /// Whether a text has the same bytes in UTF-8; see ``ExactText``.
    public func isExactly(_ other: String) -> Bool { ExactText(self) == ExactText(other) }
}
