// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Encodes one value, at a key of an open container or at the top.
struct BSONStreamEncoder: Encoder {
    let output: BSONOutput
    let codingPath: [any CodingKey]
    /// Where the value goes; `nil` at the top.
    let key: Place?
    let userInfo: [CodingUserInfoKey: Any] = [:]

    struct Place {
        let key: String
        let container: Int
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(BSONKeyedEncoding<Key>(output: output, codingPath: codingPath, number: begin(.document)))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        BSONUnkeyedEncoding(output: output, codingPath: codingPath, number: begin(.array))
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { BSONSingleEncoding(encoder: self) }

    /// Asking for a container cannot throw: what is wrong shows when it is written to.
    private func begin(_ type: BSONType) -> Result<Int, any Error> {
        guard let key else {
            guard type == .document else {
                return .failure(
                    EncodingError.invalidValue(
                        "", EncodingError.Context(codingPath: [], debugDescription: "an array is no document")))
            }
            output.hasDocument = true
            return .success(0)
        }
        return Result { try output.begin(key.key, type, in: key.container, codingPath) }
    }

    func encodeValue(_ value: BSONValue) throws {
        guard let key else {
            throw EncodingError.invalidValue(
                value, EncodingError.Context(codingPath: codingPath, debugDescription: "a BSON document has keys"))
        }
        try output.append(key.key, value, in: key.container, codingPath)
    }

    func encodeAny(_ value: some Encodable) throws {
        if let scalar = scalarValue(of: value) ?? nativeValue(of: value) {
            try encodeValue(scalar)
        } else {
            try value.encode(to: self)
        }
    }

    func encodeInteger(_ value: some BinaryInteger) throws {
        guard let number = Int64(exactly: value) else {
            throw EncodingError.invalidValue(
                value, EncodingError.Context(codingPath: codingPath, debugDescription: "larger than an int64"))
        }
        try encodeValue(.int64(number))
    }
}

/// The common types at once, without a container in between.
private func scalarValue(of value: some Encodable) -> BSONValue? {
    switch value {
    case let value as String: .string(value)
    case let value as Int: .int64(Int64(value))
    case let value as Bool: .bool(value)
    case let value as Double: .double(value)
    default: nil
    }
}
