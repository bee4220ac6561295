// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Foundation

/// What a user is called: any script, one line, and nothing that makes it show as something else.
public struct UserName: Sendable, Hashable {
    /// The longest name, in Unicode scalars, which is what JSON Schema's `maxLength` counts.
    public static let maximumLength = 100

    /// The name in Unicode's composed form (NFC), with single spaces, and at its ends nothing that does not show.
    ///
    /// Composed, because databases compare bytes while Swift compares characters: two spellings of `é` must be one.
    public let text: String

    /// Checks and normalises a name.
    ///
    /// - Throws: ``Flaw``, the first one found.
    public init(_ text: String) throws(Flaw) {
        // Far beyond the limit nothing needs to be normalised to know the answer.
        guard text.utf8.count <= 16 * 1024 else { throw .tooLong }
        if Self.isNormal(text) {
            self.text = text
            return
        }
        guard text.unicodeScalars.allSatisfy(\.mayStandInName) else { throw .invisible }
        let words = text.unicodeScalars.split(whereSeparator: \.isSpaceInName).filter {
            $0.contains(where: \.showsInName)
        }
        guard !words.isEmpty else { throw .empty }
        let name = Array(words.joined(separator: " ".unicodeScalars)).withoutInvisibleEnds()
        let normalised = String(String.UnicodeScalarView(name)).precomposedStringWithCanonicalMapping
        guard normalised.unicodeScalars.count <= Self.maximumLength else { throw .tooLong }
        self.text = normalised
    }

    /// Whether a text is a name as it is, as nearly all in ASCII are: words with single spaces between them.
    private static func isNormal(_ text: String) -> Bool {
        guard (1...maximumLength).contains(text.utf8.count) else { return false }
        // As if a space stood before it, which must not be followed by another.
        var last = UInt8(ascii: " ")
        for byte in text.utf8 {
            guard (0x20..<0x7F).contains(byte), byte != UInt8(ascii: " ") || last != byte else { return false }
            last = byte
        }
        return last != UInt8(ascii: " ")
    }

    /// Why a text is no name. Never says which text.
    public enum Flaw: Error, Sendable, Equatable {
        /// Nothing, or nothing that can be seen.
        case empty
        /// More than ``UserName/maximumLength`` Unicode scalars.
        case tooLong
        /// Control, direction, private or unassigned characters, or line breaks.
        case invisible

        /// What to tell the one who sent it.
        public var explanation: String {
            switch self {
            case .empty: "must have something that can be seen"
            case .tooLong: "must have at most \(UserName.maximumLength) characters"
            case .invisible:
                "must not contain control, text direction, private-use or unassigned characters or line breaks"
            }
        }
    }
}
