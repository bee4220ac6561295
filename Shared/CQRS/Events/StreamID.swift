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

    /// A name from outside, as found in a message or a document.
    ///
    /// - Returns: `nil` unless it is a category of lower-case letters, a hyphen and a UUID.
    public init?(_ name: String) {
        let utf8 = name.utf8.span
        var hyphen = 0
        while hyphen < utf8.count, utf8[hyphen] != UInt8(ascii: "-") {
            guard (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(utf8[hyphen]) else { return nil }
            hyphen += 1
        }
        guard hyphen > 0, hyphen < utf8.count, UUIDv7(utf8: utf8.extracting(hyphen + 1..<utf8.count)) != nil else {
            return nil
        }
        self.name = name
    }

    /// The kind of entity, say `user`.
    public var category: Substring { name.prefix { $0 != "-" } }

    /// The entity's identifier as text.
    public var entity: Substring { name.dropFirst(category.count + 1) }

    /// The same as ``name``.
    public var description: String { name }
}
