// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A variable where it is used.
struct VariableUse {
    let name: String
    let offset: Int
    /// What is expected there, if it is known.
    let type: TypeReference?
    /// Whether the place has a default.
    let hasDefault: Bool
    /// The input object of which exactly one field is given, if it is in one.
    let oneOf: TypeDefinition?
}
