// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A document that is being read. The elements are found in one pass and decoded when asked for.
struct BSONKeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let bytes: [UInt8]
    private let places: [BSONElement.Place]
    let codingPath: [any CodingKey]

    init(view: BSONView, codingPath: [any CodingKey]) {
        bytes = view.bytes
        places = view.places
        self.codingPath = codingPath
    }

    var allKeys: [Key] { places.compactMap { Key(stringValue: String(decoding: bytes[$0.key], as: UTF8.self)) } }

    func contains(_ key: Key) -> Bool { element(key.stringValue) != nil }

    /// The first with that key.
    private func element(_ key: String) -> BSONElement? {
        for place in places where bytes.isEqual(place.key, to: key) { return BSONElement(bytes: bytes, place: place) }
        return nil
    }

    private func decoder(_ key: any CodingKey) throws -> BSONElementDecoder {
        guard let element = element(key.stringValue) else {
            throw DecodingError.keyNotFound(
                key, DecodingError.Context(codingPath: codingPath, debugDescription: "no such field"))
        }
        return BSONElementDecoder(source: .element(element), parentPath: codingPath, pathKey: key)
    }

    func decodeNil(forKey key: Key) throws -> Bool { try decoder(key).isNull }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try decoder(key).bool() }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try decoder(key).string() }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try decoder(key).floating() }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { Float(try decoder(key).floating()) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try decoder(key).integer(type) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try decoder(key).integer(type) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try decoder(key).integer(type) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try decoder(key).integer(type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try decoder(key).integer(type) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try decoder(key).integer(type) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try decoder(key).integer(type) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try decoder(key).integer(type) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try decoder(key).integer(type) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try decoder(key).integer(type) }
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try decoder(key).decode(type) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try decoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try decoder(BSONCodingKey("super")) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }
}
