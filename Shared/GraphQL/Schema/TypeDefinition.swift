// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A named type of a schema; what its kind does not have is empty.
package final class TypeDefinition: Named {
    package let kind: TypeKind
    package let name: String
    let description: String?
    /// Of an object or interface.
    let interfaces: [String]
    /// Of an object or interface.
    package let fields: NamedList<FieldDefinition>
    /// Of a union.
    let members: [String]
    /// Of an enum.
    let values: NamedList<EnumValueDefinition>
    /// Of an input object.
    let inputs: NamedList<InputValueDefinition>
    /// Of a scalar.
    let specifiedByURL: String?
    /// Of an input object of which exactly one field is given (section 3.10.1).
    let isOneOf: Bool

    init(
        kind: TypeKind, name: String, description: String? = nil, interfaces: [String] = [],
        fields: NamedList<FieldDefinition> = NamedList(), members: [String] = [],
        values: NamedList<EnumValueDefinition> = NamedList(), inputs: NamedList<InputValueDefinition> = NamedList(),
        specifiedByURL: String? = nil, isOneOf: Bool = false
    ) {
        self.kind = kind
        self.name = name
        self.description = description
        self.interfaces = interfaces
        self.fields = fields
        self.members = members
        self.values = values
        self.inputs = inputs
        self.specifiedByURL = specifiedByURL
        self.isOneOf = isOneOf
    }
}
