// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The members of a JSON object, in the order of the document. Names are unique.
public struct JSONObject: Sendable, Equatable {
    /// One name with its value.
    public struct Member: Sendable, Equatable {
        /// The member's name.
        public let name: String
        /// The member's value.
        public let value: JSONValue
    }

    /// The members, in order.
    public private(set) var members: [Member] = []
    /// The names, once there are too many to look through one by one; empty when they have to be collected anew.
    private var names: Set<String> = []

    private static let linearLimit = 8

    /// Creates an object without members.
    public init() {}

    /// The value under `name`, byte by byte, or `nil`. Takes time in proportion to the number of members.
    ///
    /// Setting a value replaces the member at its place or adds one at the end; setting `nil` removes it.
    public subscript(name: String) -> JSONValue? {
        get { members.first { $0.name.isExactly(name) }?.value }
        set {
            let index = members.firstIndex { $0.name.isExactly(name) }
            switch (index, newValue) {
            case (let index?, let value?):
                members[index] = Member(name: members[index].name, value: value)
            case (let index?, nil):
                members.remove(at: index)
                names = []
            case (nil, let value?):
                append(name, value)
            case (nil, nil):
                break
            }
        }
    }

    /// Adds a member at the end; returns `false`, and adds nothing, when the name is there already.
    ///
    /// Names that are canonically equivalent count as the same: two spellings of `é` are a mistake, not two members.
    @discardableResult
    public mutating func append(_ name: String, _ value: JSONValue) -> Bool {
        if members.count < Self.linearLimit {
            guard !members.contains(where: { $0.name == name }) else { return false }
        } else {
            if names.isEmpty { names = Set(members.map(\.name)) }
            guard names.insert(name).inserted else { return false }
        }
        if members.isEmpty { members.reserveCapacity(4) }
        members.append(Member(name: name, value: value))
        return true
    }

    /// Whether both hold the same members in the same order.
    public static func == (a: JSONObject, b: JSONObject) -> Bool { a.members == b.members }
}
