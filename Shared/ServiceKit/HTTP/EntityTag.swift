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

    /// Whether `If-None-Match` names this tag, so that the answer is 304.
    ///
    /// The comparison is the weak one (RFC 9110 §13.1.2): caches on the way may have weakened our tag. Anything that
    /// is no entity tag matches nothing.
    ///
    /// - Parameter header: the field's value: `*`, or a list of tags.
    public func isListed(in header: String) -> Bool {
        var rest = Substring(header)
        func skipSpace() { rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "," } }
        skipSpace()
        if rest.first == "*" { return rest.dropFirst().allSatisfy { $0 == " " || $0 == "\t" } }
        while !rest.isEmpty {
            if rest.hasPrefix("W/") { rest.removeFirst(2) }
            guard rest.first == "\"", let end = rest.dropFirst().firstIndex(of: "\"") else { return false }
            if rest[...end] == text { return true }
            rest = rest[rest.index(after: end)...]
            skipSpace()
        }
        return false
    }
}
