// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Encodes `Codable` types as BSON, streaming: each value goes into the document's bytes as the type gives it.
///
/// | Swift | BSON |
/// |---|---|
/// | `Int`, `Int64`, `UInt`, `UInt32`, `UInt64` | int64; too large throws |
/// | `Int32`, `Int16`, `Int8`, `UInt16`, `UInt8` | int32 |
/// | `Double`, `Float` | double |
/// | `Date` | date, rounded down to milliseconds |
/// | `UUID` | binary of subtype 4 |
/// | `Data`, `[UInt8]` | binary of subtype 0 |
/// | `BSONDocument` and the other BSON types | themselves |
///
/// A container that is nested in another must be finished before the outer one goes on, as synthesised code does;
/// writing to it later throws.
public struct BSONEncoder: Sendable {
    /// Makes an encoder.
    public init() {}

    /// Encodes a value that is a document: a struct or class, a dictionary with string keys.
    ///
    /// - Throws: `EncodingError`, or ``MongoError/Code/invalidArgument`` for what BSON cannot hold.
    public func encode<T: Encodable>(_ value: T) throws -> BSONDocument {
        if T.self == BSONDocument.self, let document = value as? BSONDocument { return document }
        var writer = BSONWriter()
        try encode(value, into: &writer)
        return try writer.finish()
    }

    /// Appends the fields of a value that is a document to one that is being written.
    ///
    /// - Throws: `EncodingError`; then the writer begins anew. What BSON cannot hold makes ``BSONWriter/finish()`` throw.
    public func encode<T: Encodable>(_ value: T, into writer: inout BSONWriter) throws {
        if T.self == BSONDocument.self, let document = value as? BSONDocument {
            for element in document { writer.append(element) }
            return
        }
        // The output holds the bytes alone meanwhile: appending to them copies nothing.
        let output = BSONOutput(consume writer)
        do {
            try value.encode(to: BSONStreamEncoder(output: output, parentPath: [], pathKey: nil, key: nil))
            guard output.hasDocument else {
                throw EncodingError.invalidValue(
                    value, EncodingError.Context(codingPath: [], debugDescription: "a BSON document has keys"))
            }
        } catch {
            writer = BSONWriter()
            throw error
        }
        writer = output.finish()
    }
}
