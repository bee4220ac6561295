// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A document that is being read. The elements are found in one pass and decoded when asked for.
struct BSONKeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let elements: [BSONElement]
    let codingPath: [any CodingKey]

    init(view: BSONView, codingPath: [any CodingKey]) {
        elements = Array(view)
        self.codingPath = codingPath
    }

    var allKeys: [Key] { elements.compactMap { Key(stringValue: $0.key) } }

    func contains(_ key: Key) -> Bool { elements.contains { $0.isKey(key.stringValue) } }

    private func decoder(_ key: any CodingKey) throws -> BSONElementDecoder {
        guard let element = elements.first(where: { $0.isKey(key.stringValue) }) else {
            throw DecodingError.keyNotFound(
                key, DecodingError.Context(codingPath: codingPath, debugDescription: "no such field"))
        }
        return BSONElementDecoder(source: .element(element), codingPath: codingPath + [key])
    }

    private func single(_ key: Key) throws -> BSONSingleDecoding { BSONSingleDecoding(decoder: try decoder(key)) }

    func decodeNil(forKey key: Key) throws -> Bool { try single(key).decodeNil() }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try single(key).decode(type) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try single(key).decode(type) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try single(key).decode(type) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try single(key).decode(type) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try single(key).decode(type) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try single(key).decode(type) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try single(key).decode(type) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try single(key).decode(type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try single(key).decode(type) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try single(key).decode(type) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try single(key).decode(type) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try single(key).decode(type) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try single(key).decode(type) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try single(key).decode(type) }
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
