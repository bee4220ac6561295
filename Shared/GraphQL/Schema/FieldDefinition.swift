// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A field of an object or interface.
struct FieldDefinition: Named {
    let name: String
    let description: String?
    let arguments: NamedList<InputValueDefinition>
    let type: TypeReference
    let deprecationReason: String?
}
