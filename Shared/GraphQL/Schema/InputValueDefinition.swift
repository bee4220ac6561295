// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An argument, or a field of an input object.
struct InputValueDefinition: Named {
    let name: String
    let description: String?
    let type: TypeReference
    let defaultValue: ValueNode?
    let deprecationReason: String?

    /// Whether it has to be given.
    var isRequired: Bool { type.isNonNull && defaultValue == nil }
}
