// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A strong entity tag (RFC 9110 §8.8.3) that is the version of what it tags.
public struct EntityTag: Sendable, Hashable {
    /// The version.
    public let version: Int64

    /// Tags a version.
    public init(version: Int64) { self.version = version }

    /// The tag as sent, in its quotation marks: `"7"`.
    public var text: String { "\"\(version)\"" }

    /// A tag as sent.
    ///
    /// - Returns: `nil` for what ``text`` would not write.
    init?(_ text: String) {
        guard let version = Int64(text.dropFirst().dropLast()), text == "\"\(version)\"" else { return nil }
        self.version = version
    }
}
