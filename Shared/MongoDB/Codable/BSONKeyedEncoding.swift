// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A document that is being written.
struct BSONKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let output: BSONOutput
    let codingPath: [any CodingKey]
    let number: Result<Int, any Error>

    private func encoder(_ key: any CodingKey) throws -> BSONStreamEncoder {
        BSONStreamEncoder(
            output: output, parentPath: codingPath, pathKey: key,
            key: .init(key: key.stringValue, container: try number.get()))
    }

    /// Writes a value under its key, without an encoder in between.
    private func write(_ key: Key, _ body: (inout BSONWriter, _ key: String) -> Void) throws {
        try output.write(in: try number.get(), codingPath + [key]) { body(&$0, key.stringValue) }
    }

    func encodeNil(forKey key: Key) throws { try write(key) { $0.appendNull($1) } }
    func encode(_ value: Bool, forKey key: Key) throws { try write(key) { $0.append($1, value) } }
    func encode(_ value: String, forKey key: Key) throws { try write(key) { $0.append($1, value) } }
    func encode(_ value: Double, forKey key: Key) throws { try write(key) { $0.append($1, value) } }
    func encode(_ value: Float, forKey key: Key) throws { try write(key) { $0.append($1, Double(value)) } }
    func encode(_ value: Int, forKey key: Key) throws { try write(key) { $0.append($1, Int64(value)) } }
    func encode(_ value: Int8, forKey key: Key) throws { try write(key) { $0.append($1, Int32(value)) } }
    func encode(_ value: Int16, forKey key: Key) throws { try write(key) { $0.append($1, Int32(value)) } }
    func encode(_ value: Int32, forKey key: Key) throws { try write(key) { $0.append($1, value) } }
    func encode(_ value: Int64, forKey key: Key) throws { try write(key) { $0.append($1, value) } }
    func encode(_ value: UInt, forKey key: Key) throws { try encoder(key).encodeInteger(value) }
    func encode(_ value: UInt8, forKey key: Key) throws { try write(key) { $0.append($1, Int32(value)) } }
    func encode(_ value: UInt16, forKey key: Key) throws { try write(key) { $0.append($1, Int32(value)) } }
    func encode(_ value: UInt32, forKey key: Key) throws { try write(key) { $0.append($1, Int64(value)) } }
    func encode(_ value: UInt64, forKey key: Key) throws { try encoder(key).encodeInteger(value) }
    func encode<T: Encodable>(_ value: T, forKey key: Key) throws { try encoder(key).encodeAny(value) }

    private func nested(_ key: any CodingKey, _ type: BSONType) -> Result<Int, any Error> {
        Result { try output.begin(key.stringValue, type, in: try number.get(), codingPath + [key]) }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        KeyedEncodingContainer(
            BSONKeyedEncoding<Nested>(output: output, codingPath: codingPath + [key], number: nested(key, .document)))
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        BSONUnkeyedEncoding(output: output, codingPath: codingPath + [key], number: nested(key, .array))
    }

    func superEncoder() -> any Encoder { superEncoder(BSONCodingKey("super")) }
    func superEncoder(forKey key: Key) -> any Encoder { superEncoder(key as any CodingKey) }

    private func superEncoder(_ key: any CodingKey) -> any Encoder {
        // A container number that is never open: writing to it throws, since this method cannot.
        let container = (try? number.get()) ?? -1
        return BSONStreamEncoder(
            output: output, parentPath: codingPath, pathKey: key, key: .init(key: key.stringValue, container: container)
        )
    }
}

/// A key that no type declares.
struct BSONCodingKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ name: String) {
        stringValue = name
        intValue = nil
    }
    init(index: Int) {
        stringValue = String(index)
        intValue = index
    }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { self.init(index: intValue) }
}
