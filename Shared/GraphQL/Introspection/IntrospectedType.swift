// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A type of a schema: named, or a list or non-null of one.
struct IntrospectedType: GraphQLObject {
    let schema: Schema
    let reference: TypeReference
    /// Of a named type.
    let definition: TypeDefinition?

    init(_ reference: TypeReference, in schema: Schema) {
        self.schema = schema
        self.reference = reference
        if case .named(let name) = reference { definition = schema.types[name] } else { definition = nil }
    }

    /// `nil` when the schema has no such type.
    init?(_ name: String, in schema: Schema) {
        guard schema.types[name] != nil else { return nil }
        self.init(.named(name), in: schema)
    }

    var kind: TypeKind {
        switch reference {
        case .named: definition?.kind ?? .scalar
        case .list: .list
        case .nonNull: .nonNull
        }
    }

    /// What a list or non-null is of.
    var inner: IntrospectedType? {
        switch reference {
        case .named: nil
        case .list(let type), .nonNull(let type): IntrospectedType(type, in: schema)
        }
    }

    /// The object types of an interface or union, in the order of the schema.
    var possibleTypes: [IntrospectedType]? {
        guard let definition, definition.kind.isAbstract else { return nil }
        if definition.kind == .union { return definition.members.compactMap { IntrospectedType($0, in: schema) } }
        let possible = schema.possibleTypes(definition.name)
        return schema.types.elements.compactMap {
            possible.contains($0.name) ? IntrospectedType($0.name, in: schema) : nil
        }
    }
}
