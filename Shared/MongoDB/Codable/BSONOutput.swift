// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The one writer behind all containers of an encoding, and which of them are open.
///
/// Not `Sendable`: it lives during one call of ``BSONEncoder/encode(_:)``.
final class BSONOutput {
    private var writer: BSONWriter
    /// The open documents below the outermost; each has a number that is never used again.
    private var open: [Int] = [0]
    private var lastNumber = 0
    /// Whether anybody asked for a keyed container at the top.
    var hasDocument = false

    /// Goes on behind what a writer has.
    init(_ writer: consuming BSONWriter) { self.writer = writer }

    /// Begins an embedded document or array. - Returns: its number.
    func begin(
        _ key: String, _ type: BSONType, in parent: Int, _ path: @autoclosure () -> [any CodingKey]
    ) throws -> Int {
        try select(parent, path())
        if open.count >= BSONDocument.maximumDepth {
            throw EncodingError.invalidValue(
                key, EncodingError.Context(codingPath: path(), debugDescription: "embedded too deep"))
        }
        writer.begin(key, type)
        lastNumber += 1
        open.append(lastNumber)
        return lastNumber
    }

    /// Writes one value of an open container.
    ///
    /// - Parameter path: where that is; asked for only when it fails, since every value has another one.
    func write(
        in parent: Int, _ path: @autoclosure () -> [any CodingKey], _ body: (inout BSONWriter) -> Void
    ) throws {
        try select(parent, path())
        body(&writer)
    }

    /// Ends everything that is open inside `container`, so that it can go on.
    private func select(_ container: Int, _ path: @autoclosure () -> [any CodingKey]) throws {
        if open[open.count - 1] == container { return }
        guard let index = open.lastIndex(of: container) else {
            throw EncodingError.invalidValue(
                "", EncodingError.Context(codingPath: path(), debugDescription: "this container was finished already"))
        }
        while open.count > index + 1 { endLast() }
    }

    private func endLast() {
        writer.end()
        open.removeLast()
    }

    /// The writer, with everything ended that was begun here. The last call.
    func finish() -> BSONWriter {
        while open.count > 1 { endLast() }
        return writer
    }
}
