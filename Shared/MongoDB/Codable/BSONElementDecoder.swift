// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Decodes one value.
struct BSONElementDecoder: Decoder {
    /// What is decoded: the whole document, or an element of it that is not yet decoded.
    enum Source {
        case document(BSONDocument)
        case element(BSONElement)
    }

    let source: Source
    /// The container's path, and the value's own key behind it: put together only when somebody asks.
    let parentPath: [any CodingKey]
    let pathKey: (any CodingKey)?

    var codingPath: [any CodingKey] { pathKey.map { parentPath + [$0] } ?? parentPath }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    var value: BSONValue {
        switch source {
        case .document(let document): .document(document)
        case .element(let element): element.value
        }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(BSONKeyedDecoding<Key>(view: try view(.document), codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        BSONUnkeyedDecoding(view: try view(.array), codingPath: codingPath)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { BSONSingleDecoding(decoder: self) }

    private func view(_ wanted: BSONType) throws -> BSONView {
        switch source {
        case .document(let document) where wanted == .document: return document.view
        case .element(let element) where element.type == wanted: return try element.view()
        default: throw mismatch(wanted == .array ? [Any].self : [String: Any].self, value)
        }
    }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        guard case .element(let element) = source, let native = nativeValue(type, from: element) else {
            return try T(from: self)
        }
        guard let native else { throw mismatch(type, value) }
        return native
    }

    var isNull: Bool {
        guard case .element(let element) = source else { return false }
        return element.type == .null
    }

    func string() throws -> String {
        guard case .element(let element) = source, let text = element.ifString else {
            throw mismatch(String.self, value)
        }
        return text
    }

    func bool() throws -> Bool {
        guard case .bool(let value) = value else { throw mismatch(Bool.self, value) }
        return value
    }

    func integer<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
        let exact: T? =
            switch value {
            case .int32(let number): T(exactly: number)
            case .int64(let number): T(exactly: number)
            case .double(let number): T(exactly: number)
            default: throw mismatch(type, value)
            }
        guard let exact else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: codingPath, debugDescription: "a number out of range"))
        }
        return exact
    }

    func floating() throws -> Double {
        switch value {
        case .double(let number): number
        case .int32(let number): Double(number)
        case .int64(let number): Double(number)
        default: throw mismatch(Double.self, value)
        }
    }

    func mismatch(_ type: Any.Type, _ value: BSONValue) -> DecodingError {
        guard value != .null else {
            return .valueNotFound(
                type, DecodingError.Context(codingPath: codingPath, debugDescription: "null instead of a value"))
        }
        return .typeMismatch(
            type, DecodingError.Context(codingPath: codingPath, debugDescription: "a BSON \(value.type) instead"))
    }
}
