// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A BSON document: a value over bytes that were checked once, when they came in.
///
/// Every instance is well formed: lengths agree, every key and string is valid UTF-8, types are known, and embedded
/// documents are at most ``maximumDepth`` deep. So reading one cannot fail, run out of bounds or recurse too far.
/// Keys need not be unique; ``subscript(_:)`` finds the first.
///
/// Make one with a literal, with ``BSONWriter`` where it must be quick, with ``BSONEncoder`` from a `Codable`
/// type, or from foreign bytes with ``init(validating:)``.
public struct BSONDocument: Sendable, Hashable {
    /// How deep documents and arrays may be embedded in one another. The server allows 100 in what it stores, and
    /// its own replies add a few.
    public static let maximumDepth = 200

    /// The document as on the wire, with length and final NUL.
    public let bytes: [UInt8]

    /// An empty document.
    public init() { bytes = [5, 0, 0, 0, 0] }

    /// Checks foreign bytes in one pass.
    ///
    /// - Throws: ``MongoError`` with code ``MongoError/Code/invalidBSON``.
    public init(validating bytes: [UInt8]) throws(MongoError) {
        var validator = BSONValidator(bytes)
        try validator.validate()
        self.bytes = bytes
    }

    /// Trusts the bytes: they were written by ``BSONWriter`` or cut out of a checked document.
    init(trusted bytes: [UInt8]) { self.bytes = bytes }

    /// The elements, read in one pass.
    public var view: BSONView { BSONView(bytes: bytes, range: 0..<bytes.count) }

    /// The value of the first element with this key. Takes time proportional to the document's size.
    public subscript(key: String) -> BSONValue? { element(key)?.value }

    /// The first element with this key. Takes time proportional to the document's size.
    public func element(_ key: String) -> BSONElement? { view.first { $0.isKey(key) } }

    /// Whether there are no elements.
    public var isEmpty: Bool { bytes.count <= 5 }
}

extension BSONDocument: Sequence {
    /// Reads the elements in order.
    public func makeIterator() -> BSONView.Iterator { view.makeIterator() }
}

extension BSONDocument: ExpressibleByDictionaryLiteral {
    /// Writes elements in the order given.
    ///
    /// - Precondition: no key contains a NUL, and the values can be written. Never use foreign text for a key.
    public init(dictionaryLiteral elements: (String, BSONValue)...) {
        self.init(literal: elements)
    }

    init(literal elements: [(String, BSONValue)]) {
        var writer = BSONWriter()
        for (key, value) in elements { writer.append(key, value) }
        self.init(programmed: writer)
    }

    /// For content that the program's text fixes, where a failure is the programmer's.
    init(programmed writer: consuming BSONWriter) {
        do {
            self = try writer.finish()
        } catch {
            preconditionFailure("a BSON literal that cannot be written: \(error.debugDescription)")
        }
    }
}
