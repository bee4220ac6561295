// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Writes a document's bytes in one pass, without a tree in between.
///
/// ```swift
/// var writer = BSONWriter()
/// writer.append("_id", "user-1:3")
/// writer.append("version", 3)
/// writer.appendDocument("data") { $0.append("name", name) }
/// let document = try writer.finish()
/// ```
///
/// The first thing that cannot be written (a NUL in a key, nesting too deep) is kept and thrown by ``finish()``, so
/// that the lines in between need no `try`. Keys are not checked for repetition.
public struct BSONWriter: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var failure: MongoError?
    /// Where each open document starts.
    private var starts: [Int] = []

    /// Begins a document.
    ///
    /// - Parameter capacity: how many bytes to make room for at first.
    public init(capacity: Int = 128) {
        bytes.reserveCapacity(capacity)
        begin()
    }

    /// Ends the document.
    ///
    /// - Throws: ``MongoError/Code/invalidArgument`` for the first thing that could not be written.
    public consuming func finish() throws(MongoError) -> BSONDocument {
        while !starts.isEmpty { end() }
        if let failure { throw failure }
        return BSONDocument(trusted: bytes)
    }

    // MARK: Structure

    var depth: Int { starts.count }

    mutating func fail(_ reason: String) {
        if failure == nil { failure = MongoError(.invalidArgument, reason) }
    }

    private mutating func begin() {
        starts.append(bytes.count)
        bytes.append(contentsOf: [0, 0, 0, 0])
    }

    mutating func begin(_ key: String, _ type: BSONType) {
        if starts.count >= BSONDocument.maximumDepth { fail("documents embedded too deep") }
        head(key, type)
        begin()
    }

    mutating func end() {
        guard let start = starts.popLast() else { return }
        bytes.append(0)
        let length = UInt32(truncatingIfNeeded: bytes.count - start)
        if bytes.count - start > Int(Int32.max) { fail("a document over 2 GiB") }
        for byte in 0..<4 { bytes[start + byte] = UInt8(truncatingIfNeeded: length >> (8 * UInt32(byte))) }
    }

    mutating func head(_ key: String, _ type: BSONType) {
        bytes.append(type.rawValue)
        append(cString: key, "a key with a NUL")
    }

    mutating func append(cString text: String, _ complaint: @autoclosure () -> String) {
        if text.utf8.contains(0) { fail(complaint()) }
        bytes.append(contentsOf: text.utf8)
        bytes.append(0)
    }

    mutating func append(raw value: some FixedWidthInteger) {
        // All at once: byte by byte, each asks whether there is room.
        unsafe withUnsafeBytes(of: value.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    mutating func append(raw slice: some Collection<UInt8>) { bytes.append(contentsOf: slice) }

    /// Appends an embedded document that `body` writes.
    public mutating func appendDocument<E>(_ key: String, _ body: (inout BSONWriter) throws(E) -> Void) throws(E) {
        begin(key, .document)
        let depth = starts.count
        defer { while starts.count >= depth { end() } }
        try body(&self)
    }

    /// Appends an array that `body` writes.
    public mutating func appendArray<E>(_ key: String, _ body: (inout BSONArrayWriter) throws(E) -> Void) throws(E) {
        begin(key, .array)
        let depth = starts.count
        var array = BSONArrayWriter(self)
        // The array writer holds the buffer alone meanwhile: appending to it copies nothing.
        bytes = []
        defer {
            self = array.writer
            while starts.count >= depth { end() }
        }
        try body(&array)
    }
}
