// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// What is written without asking the value to encode itself: the common types, and those that would encode themselves
/// otherwise than they are kept: dates, UUIDs, bytes.
///
/// Types are compared before anything is cast: comparing is quick, and most values are of none of these.
func nativeValue<T>(of value: T) -> BSONValue? {
    if T.self == String.self { return (value as? String).map { .string($0) } }
    if T.self == Date.self { return (value as? Date).map { .date(BSONDate($0)) } }
    if T.self == Int.self { return (value as? Int).map { .int64(Int64($0)) } }
    if T.self == Bool.self { return (value as? Bool).map { .bool($0) } }
    if T.self == Double.self { return (value as? Double).map { .double($0) } }
    if T.self == UUID.self { return (value as? UUID).map { .binary(BSONBinary($0)) } }
    if T.self == Data.self { return (value as? Data).map { .binary(BSONBinary([UInt8]($0))) } }
    if T.self == [UInt8].self { return (value as? [UInt8]).map { .binary(BSONBinary($0)) } }
    return nil
}

/// What is read without asking the type to decode itself, the reverse of ``nativeValue(of:)``: `nil` for other types, and
/// an inner `nil` for a value of another BSON type.
func nativeValue<T>(_ type: T.Type, from element: BSONElement) -> T?? {
    if T.self == String.self { return .some(element.ifString as? T) }
    if T.self == Date.self { return .some(element.ifDate?.date as? T) }
    if T.self == UUID.self { return .some(element.ifBinary?.uuid as? T) }
    if T.self == Data.self { return .some(element.ifBinary.map { Data($0.bytes) } as? T) }
    if T.self == [UInt8].self { return .some(element.ifBinary?.bytes as? T) }
    return nil
}
