// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An array that is being written.
struct BSONUnkeyedEncoding: UnkeyedEncodingContainer {
    let output: BSONOutput
    let codingPath: [any CodingKey]
    let number: Result<Int, any Error>
    private(set) var count = 0

    init(output: BSONOutput, codingPath: [any CodingKey], number: Result<Int, any Error>) {
        self.output = output
        self.codingPath = codingPath
        self.number = number
    }

    private mutating func next() throws -> BSONSingleEncoding {
        let container = try number.get()
        defer { count += 1 }
        return BSONSingleEncoding(
            encoder: BSONStreamEncoder(
                output: output, parentPath: codingPath, pathKey: BSONCodingKey(index: count),
                key: .init(key: String(count), container: container)))
    }

    mutating func encodeNil() throws { try next().encodeNil() }
    mutating func encode(_ value: Bool) throws { try next().encode(value) }
    mutating func encode(_ value: String) throws { try next().encode(value) }
    mutating func encode(_ value: Double) throws { try next().encode(value) }
    mutating func encode(_ value: Float) throws { try next().encode(value) }
    mutating func encode(_ value: Int) throws { try next().encode(value) }
    mutating func encode(_ value: Int8) throws { try next().encode(value) }
    mutating func encode(_ value: Int16) throws { try next().encode(value) }
    mutating func encode(_ value: Int32) throws { try next().encode(value) }
    mutating func encode(_ value: Int64) throws { try next().encode(value) }
    mutating func encode(_ value: UInt) throws { try next().encode(value) }
    mutating func encode(_ value: UInt8) throws { try next().encode(value) }
    mutating func encode(_ value: UInt16) throws { try next().encode(value) }
    mutating func encode(_ value: UInt32) throws { try next().encode(value) }
    mutating func encode(_ value: UInt64) throws { try next().encode(value) }
    mutating func encode(_ value: some Encodable) throws { try next().encode(value) }

    private mutating func nested(_ type: BSONType) -> Result<Int, any Error> {
        defer { count += 1 }
        let key = BSONCodingKey(index: count)
        return Result { try output.begin(key.stringValue, type, in: try number.get(), codingPath + [key]) }
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        let path = codingPath + [BSONCodingKey(index: count)]
        return KeyedEncodingContainer(
            BSONKeyedEncoding<Nested>(output: output, codingPath: path, number: nested(.document)))
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        let path = codingPath + [BSONCodingKey(index: count)]
        return BSONUnkeyedEncoding(output: output, codingPath: path, number: nested(.array))
    }

    mutating func superEncoder() -> any Encoder {
        let key = BSONCodingKey(index: count)
        defer { count += 1 }
        return BSONStreamEncoder(
            output: output, parentPath: codingPath, pathKey: key,
            key: .init(key: key.stringValue, container: (try? number.get()) ?? -1))
    }
}
