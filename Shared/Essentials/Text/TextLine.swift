// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Foundation

/// A value of a context that is one line of text, such as a name: any script, and nothing that makes it show as something
/// else (docs/decisions/0022).
///
///     struct Title: TextLine {
///         static let maximumLength = 100
///         let text: String
///         init(checked text: String) { self.text = text }
///     }
public protocol TextLine: Sendable, Hashable {
    /// The longest line, in Unicode scalars, which is what JSON Schema's `maxLength` counts.
    static var maximumLength: Int { get }

    /// The line in Unicode's composed form (NFC), with single spaces, and at its ends nothing that does not show.
    ///
    /// Composed, because databases compare bytes while Swift compares characters: two spellings of `é` must be one.
    var text: String { get }

    /// Takes a text that is in that form already. Everybody else calls ``init(_:)``.
    init(checked text: String)
}

extension TextLine {
    /// Why a text is none.
    public typealias Flaw = TextLineFlaw

    /// Checks and normalises a text.
    ///
    /// - Throws: ``TextLineFlaw``, the first one found.
    public init(_ text: String) throws(TextLineFlaw) {
        self.init(checked: try normalised(text, limit: Self.maximumLength))
    }
}

private func normalised(_ text: String, limit: Int) throws(TextLineFlaw) -> String {
    // Far beyond the limit nothing needs to be normalised to know the answer.
    guard text.utf8.count <= 16 * 1024 else { throw .tooLong(limit: limit) }
    if isNormal(text, limit: limit) { return text }
    guard text.unicodeScalars.allSatisfy(\.mayStandInLine) else { throw .invisible }
    let words = text.unicodeScalars.split(whereSeparator: \.isSpaceInLine).filter { $0.contains(where: \.showsInLine) }
    guard !words.isEmpty else { throw .empty }
    let line = Array(words.joined(separator: " ".unicodeScalars)).withoutInvisibleEnds()
    let normalised = String(String.UnicodeScalarView(line)).precomposedStringWithCanonicalMapping
    guard normalised.unicodeScalars.count <= limit else { throw .tooLong(limit: limit) }
    return normalised
}

/// Whether a text is a line as it is, as nearly all in ASCII are: words with single spaces between them.
private func isNormal(_ text: String, limit: Int) -> Bool {
    guard (1...limit).contains(text.utf8.count) else { return false }
    // As if a space stood before it, which must not be followed by another.
    var last = UInt8(ascii: " ")
    for byte in text.utf8 {
        guard (0x20..<0x7F).contains(byte), byte != UInt8(ascii: " ") || last != byte else { return false }
        last = byte
    }
    return last != UInt8(ascii: " ")
}
