// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Encodes one value, at a key of an open container or at the top.
struct BSONStreamEncoder: Encoder {
    let output: BSONOutput
    /// The container's path, and the value's own key behind it: put together only when somebody asks.
    let parentPath: [any CodingKey]
    let pathKey: (any CodingKey)?
    /// Where the value goes; `nil` at the top.
    let key: Place?

    struct Place {
        let key: String
        let container: Int
    }

    var codingPath: [any CodingKey] { pathKey.map { parentPath + [$0] } ?? parentPath }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

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

    func encodeValue(_ value: BSONValue) throws { try write { $0.append($1, value) } }

    /// Writes the value under its key.
    func write(_ body: (inout BSONWriter, _ key: String) -> Void) throws {
        guard let key else {
            throw EncodingError.invalidValue(
                "", EncodingError.Context(codingPath: codingPath, debugDescription: "a BSON document has keys"))
        }
        try output.write(in: key.container, codingPath) { body(&$0, key.key) }
    }

    func encodeAny<T: Encodable>(_ value: T) throws {
        if let native = nativeValue(of: value) {
            try encodeValue(native)
        } else {
            try value.encode(to: self)
        }
    }

    func encodeInteger(_ value: some BinaryInteger) throws {
        guard let number = Int64(exactly: value) else {
            throw EncodingError.invalidValue(
                value, EncodingError.Context(codingPath: codingPath, debugDescription: "larger than an int64"))
        }
        try write { $0.append($1, number) }
    }
}
