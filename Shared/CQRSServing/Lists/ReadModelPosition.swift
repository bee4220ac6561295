// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials

/// A place in the order of ``ReadModelListing/page(by:prefix:after:limit:)``. Says nothing of what is there, or whether
/// anything is: a document may come and go without moving the others.
public struct ReadModelPosition: Sendable, Hashable, Comparable {
    /// The value of the field.
    public let value: String
    /// Which of those with the same value.
    public let stream: StreamID

    /// Names a place.
    public init(value: String, stream: StreamID) {
        self.value = value
        self.stream = stream
    }

    /// Whether both are the same place, byte by byte as the order has it.
    public static func == (a: Self, b: Self) -> Bool { a.value.isExactly(b.value) && a.stream == b.stream }

    /// Hashes the place.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(ExactText(value))
        hasher.combine(stream)
    }

    /// The order of UTF-8, in which databases compare; Swift's own takes canonically equivalent texts for equal.
    public static func < (a: Self, b: Self) -> Bool {
        if a.value.isExactly(b.value) { return a.stream.name < b.stream.name }
        return a.value.utf8.lexicographicallyPrecedes(b.value.utf8)
    }
}
