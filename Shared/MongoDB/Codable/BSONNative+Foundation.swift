// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// The form in which a value is kept that encodes itself otherwise: dates, UUIDs, bytes.
func nativeValue(of value: some Encodable) -> BSONValue? {
    switch value {
    case let value as any BSONNative: value.bsonValue
    case let value as Date: .date(BSONDate(value))
    case let value as UUID: .binary(BSONBinary(value))
    case let value as Data: .binary(BSONBinary([UInt8](value)))
    // By its type, not by a cast: every empty array can be cast to every other.
    case let value where type(of: value) == [UInt8].self: (value as? [UInt8]).map { .binary(BSONBinary($0)) }
    default: nil
    }
}

/// The reverse of ``nativeValue(of:)``: `nil` for other types, and an inner `nil` for a value of another BSON type.
func nativeValue<T>(_ type: T.Type, from value: BSONValue) -> T?? {
    switch type {
    case let native as any BSONNative.Type: .some(native.init(bsonValue: value) as? T)
    case is Date.Type: .some(BSONDate(bsonValue: value)?.date as? T)
    case is UUID.Type: .some(BSONBinary(bsonValue: value)?.uuid as? T)
    case is Data.Type: .some((BSONBinary(bsonValue: value)?.bytes).map { Data($0) } as? T)
    case is [UInt8].Type: .some(BSONBinary(bsonValue: value)?.bytes as? T)
    default: nil
    }
}
