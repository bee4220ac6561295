// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The arguments of a field, of the types that the schema says: given ones and defaults.
public struct Arguments: Sendable, Equatable {
    /// No arguments.
    public static let none = Arguments(values: [:])

    package let values: [String: InputValue]

    /// The argument as it came; `nil` when it was not given and has no default.
    public subscript(name: String) -> InputValue? { values[name] }

    /// An argument of type `Boolean`; `nil` when there is none, or null.
    public func boolean(_ name: String) -> Bool? { if case .boolean(let value) = values[name] { value } else { nil } }

    /// An argument of type `Int`; `nil` when there is none, or null.
    public func int(_ name: String) -> Int? { if case .int(let value) = values[name] { value } else { nil } }

    /// An argument of type `Float`; `nil` when there is none, or null.
    public func float(_ name: String) -> Double? { if case .float(let value) = values[name] { value } else { nil } }

    /// An argument of type `String`, `ID` or of an enum; `nil` when there is none, or null.
    public func string(_ name: String) -> String? {
        switch values[name] {
        case .string(let value), .enum(let value): value
        default: nil
        }
    }

    /// An argument that is a list; `nil` when there is none, or null.
    public func list(_ name: String) -> [InputValue]? {
        if case .list(let values) = values[name] { values } else { nil }
    }

    /// An argument that is an input object, whose fields are read as arguments are; `nil` when there is none, or null.
    public func object(_ name: String) -> Arguments? {
        if case .object(let values) = values[name] { Arguments(values: values) } else { nil }
    }
}
