// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Writes the values of an array; ``BSONWriter/appendArray(_:_:)`` makes one.
public struct BSONArrayWriter: Sendable {
    var writer: BSONWriter
    private var count = 0

    init(_ writer: BSONWriter) { self.writer = writer }

    private mutating func nextKey() -> String {
        defer { count += 1 }
        return String(count)
    }

    /// Appends any value.
    public mutating func append(_ value: BSONValue) { writer.append(nextKey(), value) }

    /// Appends a string.
    public mutating func append(_ value: String) { writer.append(nextKey(), value) }

    /// Appends a document by copying its bytes.
    public mutating func append(_ value: BSONDocument) { writer.append(nextKey(), value) }

    /// Appends a document that `body` writes.
    public mutating func appendDocument<E>(_ body: (inout BSONWriter) throws(E) -> Void) throws(E) {
        try writer.appendDocument(nextKey(), body)
    }

    /// Appends an array that `body` writes.
    public mutating func appendArray<E>(_ body: (inout BSONArrayWriter) throws(E) -> Void) throws(E) {
        try writer.appendArray(nextKey(), body)
    }
}
