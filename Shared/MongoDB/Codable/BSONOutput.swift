// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The one writer behind all containers of an encoding, and which of them are open.
///
/// Not `Sendable`: it lives during one call of ``BSONEncoder/encode(_:)``.
final class BSONOutput {
    private var writer = BSONWriter()
    /// The open documents below the outermost; each has a number that is never used again.
    private var open: [Int] = [0]
    private var lastNumber = 0
    /// Whether anybody asked for a keyed container at the top.
    var hasDocument = false

    /// Begins an embedded document or array. - Returns: its number.
    func begin(_ key: String, _ type: BSONType, in parent: Int, _ path: [any CodingKey]) throws -> Int {
        try select(parent, path)
        if open.count >= BSONDocument.maximumDepth {
            throw EncodingError.invalidValue(
                key, EncodingError.Context(codingPath: path, debugDescription: "embedded too deep"))
        }
        writer.begin(key, type)
        lastNumber += 1
        open.append(lastNumber)
        return lastNumber
    }

    func append(_ key: String, _ value: BSONValue, in parent: Int, _ path: [any CodingKey]) throws {
        try select(parent, path)
        writer.append(key, value)
    }

    /// Ends everything that is open inside `container`, so that it can go on.
    private func select(_ container: Int, _ path: [any CodingKey]) throws {
        guard let index = open.lastIndex(of: container) else {
            throw EncodingError.invalidValue(
                "", EncodingError.Context(codingPath: path, debugDescription: "this container was finished already"))
        }
        while open.count > index + 1 {
            writer.end()
            open.removeLast()
        }
    }

    func finish() throws -> BSONDocument { try writer.finish() }
}
