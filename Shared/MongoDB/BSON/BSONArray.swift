// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A BSON array: validated bytes, read in one pass.
public struct BSONArray: Sendable, Hashable {
    /// The array as it is on the wire: a document with the keys "0", "1", …
    public let document: BSONDocument

    /// Takes a document for an array. Its keys are ignored, as the server ignores them.
    public init(_ document: BSONDocument) { self.document = document }

    /// Writes values one after the other.
    ///
    /// - Precondition: the values can be written: no NUL in a regular expression, no ``BSONValue/other(_:)``.
    public init(_ values: some Sequence<BSONValue>) {
        var writer = BSONWriter()
        for (index, value) in values.enumerated() { writer.append(String(index), value) }
        document = BSONDocument(programmed: writer)
    }

    /// Writes strings one after the other.
    public init(_ strings: some Sequence<String>) {
        self.init(strings.lazy.map(BSONValue.string))
    }

    /// The values in order.
    public var values: [BSONValue] { document.map(\.value) }
}

extension BSONArray: ExpressibleByArrayLiteral {
    /// Writes values one after the other; see ``init(_:)``.
    public init(arrayLiteral elements: BSONValue...) { self.init(elements) }
}
