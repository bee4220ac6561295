// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A JSON value as it was read: numbers keep their text, objects their order.
public enum JSONValue: Sendable, Equatable {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// A number, with the digits of the document.
    case number(JSONNumber)
    /// A string: valid Unicode, escapes resolved.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object without duplicate names.
    case object(JSONObject)

    /// What the value is, with its article, for messages such as "must be a string".
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    /// Creates a string value.
    public init(stringLiteral value: String) { self = .string(value) }

    /// Creates a number value.
    public init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }

    /// Creates a boolean value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}
