// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Decodes `Codable` types from BSON. The reverse of ``BSONEncoder``.
///
/// Integers are read from int32, int64 and doubles without a fraction, when they fit; floating-point numbers from all
/// three. Keys that the type does not know are ignored.
public struct BSONDecoder: Sendable {
    /// Makes a decoder.
    public init() {}

    /// Decodes a document.
    ///
    /// - Throws: `DecodingError`, whose text holds field names and BSON types, never values.
    public func decode<T: Decodable>(_ type: T.Type, from document: BSONDocument) throws -> T {
        let decoder = BSONElementDecoder(source: .document(document), parentPath: [], pathKey: nil)
        return try decoder.decode(type)
    }
}
