// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The fields that need no definition in a schema (section 4.1).
enum MetaField {
    static let typename = FieldDefinition(
        name: "__typename", description: "The name of the object's type.", arguments: NamedList(),
        type: .nonNull(.named("String")), deprecationReason: nil)

    static let schema = FieldDefinition(
        name: "__schema", description: "The schema.", arguments: NamedList(), type: .nonNull(.named("__Schema")),
        deprecationReason: nil)

    static let type = FieldDefinition(
        name: "__type", description: "A type of the schema, by its name.",
        arguments: NamedList([
            InputValueDefinition(
                name: "name", description: nil, type: .nonNull(.named("String")), defaultValue: nil,
                deprecationReason: nil)
        ]), type: .named("__Type"), deprecationReason: nil)
}
