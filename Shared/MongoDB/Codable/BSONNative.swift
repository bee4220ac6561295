// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A BSON type that ``BSONEncoder`` and ``BSONDecoder`` write and read as itself.
///
/// With other coders these types cannot be coded: there is no text form that everybody would agree on.
protocol BSONNative: Codable {
    var bsonValue: BSONValue { get }
    /// `nil` when the value is of another type.
    init?(bsonValue: BSONValue)
}

extension BSONNative {
    /// Encodes with ``BSONEncoder`` only.
    public func encode(to encoder: any Encoder) throws {
        guard let encoder = encoder as? BSONStreamEncoder else {
            throw EncodingError.invalidValue(
                self, EncodingError.Context(codingPath: encoder.codingPath, debugDescription: "only BSON can hold this")
            )
        }
        try encoder.encodeValue(bsonValue)
    }

    /// Decodes with ``BSONDecoder`` only.
    public init(from decoder: any Decoder) throws {
        guard let decoder = decoder as? BSONElementDecoder else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "only BSON can hold this"))
        }
        let value = decoder.value
        guard let decoded = Self(bsonValue: value) else { throw decoder.mismatch(Self.self, value) }
        self = decoded
    }
}

extension BSONValue: BSONNative {
    var bsonValue: BSONValue { self }
    init?(bsonValue: BSONValue) { self = bsonValue }
}

extension BSONDocument: BSONNative {
    var bsonValue: BSONValue { .document(self) }
    init?(bsonValue: BSONValue) {
        guard case .document(let value) = bsonValue else { return nil }
        self = value
    }
}

extension BSONArray: BSONNative {
    var bsonValue: BSONValue { .array(self) }
    init?(bsonValue: BSONValue) {
        guard case .array(let value) = bsonValue else { return nil }
        self = value
    }
}

extension BSONObjectID: BSONNative {
    var bsonValue: BSONValue { .objectID(self) }
    init?(bsonValue: BSONValue) {
        guard case .objectID(let value) = bsonValue else { return nil }
        self = value
    }
}

extension BSONBinary: BSONNative {
    var bsonValue: BSONValue { .binary(self) }
    init?(bsonValue: BSONValue) {
        guard case .binary(let value) = bsonValue else { return nil }
        self = value
    }
}

extension BSONDate: BSONNative {
    var bsonValue: BSONValue { .date(self) }
    init?(bsonValue: BSONValue) {
        guard case .date(let value) = bsonValue else { return nil }
        self = value
    }
}

extension BSONTimestamp: BSONNative {
    var bsonValue: BSONValue { .timestamp(self) }
    init?(bsonValue: BSONValue) {
        guard case .timestamp(let value) = bsonValue else { return nil }
        self = value
    }
}

extension BSONDecimal128: BSONNative {
    var bsonValue: BSONValue { .decimal128(self) }
    init?(bsonValue: BSONValue) {
        guard case .decimal128(let value) = bsonValue else { return nil }
        self = value
    }
}

extension BSONRegularExpression: BSONNative {
    var bsonValue: BSONValue { .regularExpression(self) }
    init?(bsonValue: BSONValue) {
        guard case .regularExpression(let value) = bsonValue else { return nil }
        self = value
    }
}
