// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A value that came with a request, of the type that the schema says: an argument, or a part of one.
public enum InputValue: Sendable, Equatable {
    /// `null`, where the type allows it
    case null
    /// A boolean.
    case boolean(Bool)
    /// An `Int`, or a whole number for a scalar of the schema's own.
    case int(Int)
    /// A `Float`, finite.
    case float(Double)
    /// A `String` or `ID`.
    case string(String)
    /// A value of an enum, by its name.
    case `enum`(String)
    /// A list.
    case list([InputValue])
    /// An input object: the fields that were given or have a default.
    case object([String: InputValue])
}
