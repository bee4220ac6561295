// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The name of one event stream: a category and an identifier, such as `user-0193…`.
public struct StreamID: Sendable, Hashable, CustomStringConvertible {
    /// The whole name, as stored and sent.
    public let name: String

    /// The name of the stream of one entity.
    ///
    /// - Parameters:
    ///   - category: the kind of entity, in lower case and without a hyphen.
    ///   - id: the entity.
    public init(category: String, id: UUIDv7) { name = "\(category)-\(id)" }

    /// A name from outside, as found in a message or a document.
    ///
    /// - Returns: `nil` unless it is a category of lower-case letters, a hyphen and a UUID.
    public init?(_ name: String) {
        guard let hyphen = name.utf8.firstIndex(of: UInt8(ascii: "-")), hyphen != name.startIndex,
            name[..<hyphen].utf8.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }),
            UUIDv7(name[name.index(after: hyphen)...]) != nil
        else { return nil }
        self.name = name
    }

    /// The kind of entity, say `user`.
    public var category: Substring { name.prefix { $0 != "-" } }

    /// The entity's identifier as text.
    public var entity: Substring { name.dropFirst(category.count + 1) }

    /// The same as ``name``.
    public var description: String { name }
}
