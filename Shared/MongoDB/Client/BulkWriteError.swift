// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Why the server refused one operation of a bulk write.
public struct BulkWriteError: Error, Sendable {
    /// The operation's index in the bulk.
    public private(set) var index: Int
    /// The server's number, such as 11000.
    public let serverCode: Int32
    /// The kind of failure.
    public let code: MongoError.Code
    /// For a ``MongoError/Code/duplicateKey``, the fields of the violated index.
    public let keyPattern: BSONDocument?
    /// For a ``MongoError/Code/duplicateKey``, the values that were there already: personal data, perhaps. Not part
    /// of ``description``.
    public let keyValue: BSONDocument?
    let text: String

    init(reply: BSONDocument) {
        index = reply["index"]?.intValue ?? 0
        serverCode = Int32(truncatingIfNeeded: reply["code"]?.intValue ?? 0)
        code = MongoError.Code(serverCode: serverCode)
        keyPattern = reply["keyPattern"]?.documentValue
        keyValue = reply["keyValue"]?.documentValue
        text = reply["errmsg"]?.stringValue ?? ""
    }

    /// The same error of an operation with another index.
    func moved(to index: Int) -> BulkWriteError {
        var error = self
        error.index = index
        return error
    }
}

extension BulkWriteError: CustomStringConvertible, CustomDebugStringConvertible {
    /// The codes and the index's fields, without values.
    public var description: String {
        let fields = keyPattern.map { " on \($0.map(\.key).joined(separator: ", "))" } ?? ""
        return "BulkWriteError(\(index): \(code), server code \(serverCode)\(fields))"
    }

    /// The codes and what the server said. May quote documents.
    public var debugDescription: String { "\(description): \(text)" }
}
