// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A regular expression for the server.
public struct BSONRegularExpression: Sendable, Hashable {
    /// The pattern, in PCRE's language. Must not contain a NUL.
    public var pattern: String
    /// Option letters; BSON wants them in alphabetical order. Must not contain a NUL.
    public var options: String

    /// Describes an expression. Escape every part that comes from a user with ``escape(_:)``.
    public init(_ pattern: String, options: String = "") {
        self.pattern = pattern
        self.options = String(options.sorted())
    }

    /// Makes text match itself: every ASCII character that is not a letter, digit or underscore gets a backslash.
    public static func escape(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isWord = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
            if scalar.isASCII && !isWord && scalar != "_" { escaped.append("\\") }
            escaped.append(scalar)
        }
        return String(escaped)
    }
}
