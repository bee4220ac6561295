// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A definition or extension of a schema, a type or a directive (section 3); what a kind does not have is empty.
struct TypeSystemDefinition: Sendable {
    enum Kind: Sendable, Equatable {
        case schema
        case directive
        case type(TypeKind)
    }

    struct FieldDefinition: Sendable {
        let description: String?
        let name: Name
        let arguments: [InputValueDefinition]
        let type: TypeNode
        let directives: [Directive]
    }

    struct InputValueDefinition: Sendable {
        let description: String?
        let name: Name
        let type: TypeNode
        let defaultValue: ValueNode?
        let directives: [Directive]
    }

    struct EnumValueDefinition: Sendable {
        let description: String?
        let name: Name
        let directives: [Directive]
    }

    struct RootType: Sendable {
        let operation: OperationKind
        let type: Name
    }

    let kind: Kind
    let isExtension: Bool
    let description: String?
    /// Of a type or directive; a schema has none.
    var name: Name?
    var directives: [Directive] = []
    /// Of a schema.
    var rootTypes: [RootType] = []
    /// What an object or interface implements.
    var interfaces: [Name] = []
    /// Of an object or interface.
    var fields: [FieldDefinition] = []
    /// Of a union.
    var members: [Name] = []
    /// Of an enum.
    var values: [EnumValueDefinition] = []
    /// The fields of an input object, the arguments of a directive.
    var inputs: [InputValueDefinition] = []
    /// Of a directive.
    var isRepeatable = false
    /// Of a directive.
    var locations: [Name] = []
    let offset: Int
}
