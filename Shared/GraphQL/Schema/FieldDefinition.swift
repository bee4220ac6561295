// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A field of an object or interface.
package struct FieldDefinition: Named {
    package let name: String
    let description: String?
    let arguments: NamedList<InputValueDefinition>
    package let type: TypeReference
    let deprecationReason: String?
}
