// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

extension EntityTag {
    /// Reads `If-Match` (RFC 9110 §13.1.1).
    ///
    /// The comparison is the strong one: a weak tag never matches, nor does a tag that none of our versions has.
    ///
    /// - Parameter header: the field's value: `*`, or a list of tags.
    /// - Returns: `nil` when it is neither. A list without a tag counts as that: who sends one has lost a tag.
    public static func condition(ifMatch header: String) -> VersionSet? { read(header, isWeakEnough: false) }

    /// Reads `If-None-Match` (RFC 9110 §13.1.2).
    ///
    /// The comparison is the weak one: caches on the way may have weakened our tag. Anything that is no list of entity
    /// tags matches nothing.
    ///
    /// - Parameter header: the field's value: `*`, or a list of tags.
    public static func condition(ifNoneMatch header: String) -> VersionSet {
        read(header, isWeakEnough: true) ?? .oneOf([])
    }

    private static func read(_ header: String, isWeakEnough: Bool) -> VersionSet? {
        var rest = Substring(header).utf8
        func skipSpace() { rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") } }
        skipSpace()
        if rest.first == UInt8(ascii: "*") {
            rest.removeFirst()
            skipSpace()
            return rest.isEmpty ? .any : nil
        }
        var versions: Set<Int64> = []
        var isEmpty = true
        while true {
            skipSpace()
            guard let next = rest.first else { return isEmpty ? nil : .oneOf(versions) }
            // Empty elements are allowed (RFC 9110 §5.6.1.2).
            if next == UInt8(ascii: ",") {
                rest.removeFirst()
                continue
            }
            guard let (tag, isWeak) = readTag(&rest) else { return nil }
            isEmpty = false
            // As text: "07" is not "7".
            if isWeakEnough || !isWeak, let version = Int64(tag), "\(version)" == tag { versions.insert(version) }
            skipSpace()
            guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return nil }
        }
    }

    /// Takes an `entity-tag` (RFC 9110 §8.8.3) off the front.
    private static func readTag(_ rest: inout Substring.UTF8View) -> (opaque: String, isWeak: Bool)? {
        let isWeak = rest.starts(with: "W/".utf8)
        if isWeak { rest.removeFirst(2) }
        guard rest.first == UInt8(ascii: "\"") else { return nil }
        rest.removeFirst()
        guard let end = rest.firstIndex(where: { $0 < 0x21 || $0 == 0x22 || $0 == 0x7F }),
            rest[end] == UInt8(ascii: "\""), let opaque = String(rest[..<end])
        else { return nil }
        rest = rest[rest.index(after: end)...]
        return (opaque, isWeak)
    }
}
