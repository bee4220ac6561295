// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// The name of one event stream: a category and an identifier, such as `user-0193…`.
public struct StreamID: Sendable, Hashable, CustomStringConvertible {
    /// The whole name, as stored and sent.
    public let name: String

    /// The name of the stream of one entity.
    ///
    /// - Parameters:
    ///   - category: the kind of entity, in lower case and without a hyphen.
    ///   - id: the entity.
    public init(category: String, id: UUIDv7) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(category.utf8.count + 37)
        bytes.append(contentsOf: category.utf8)
        bytes.append(UInt8(ascii: "-"))
        id.write(to: &bytes)
        name = String(decoding: bytes, as: UTF8.self)
    }

    /// The name of the stream of an entity that is known by a key, such as a date or another entity's name, instead of an
    /// identifier of its own. Such names do not sort by creation.
    ///
    /// - Parameters:
    ///   - category: the kind of entity, in lower case and without a hyphen.
    ///   - key: 1 to ``keyLimit`` of the characters `a-z`, `0-9`, `.`, `_` and `-`. It is sent and stored with every event.
    /// - Returns: `nil` for any other category or key.
    public init?(category: String, key: String) { self.init("\(category)-\(key)") }

    /// The most characters of a key.
    public static let keyLimit = 200

    /// A name from outside, as found in a message or a document.
    ///
    /// - Returns: `nil` unless it is a category of lower-case letters, a hyphen and a key as in ``init(category:key:)``, which
    ///   identifiers are, too.
    public init?(_ name: String) {
        let utf8 = name.utf8.span
        var hyphen = 0
        while hyphen < utf8.count, utf8[hyphen] != UInt8(ascii: "-") {
            guard (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(utf8[hyphen]) else { return nil }
            hyphen += 1
        }
        let length = utf8.count - hyphen - 1
        guard hyphen > 0, length > 0, length <= Self.keyLimit else { return nil }
        for index in hyphen + 1..<utf8.count {
            guard Self.isKeyCharacter(utf8[index]) else { return nil }
        }
        self.name = name
    }

    private static func isKeyCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// The kind of entity, say `user`.
    public var category: Substring { name.prefix { $0 != "-" } }

    /// The entity's identifier or key as text.
    public var entity: Substring { name.dropFirst(category.count + 1) }

    /// The same as ``name``.
    public var description: String { name }
}
