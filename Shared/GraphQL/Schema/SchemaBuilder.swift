// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Makes the parts of a schema from its definitions and extensions.
struct SchemaBuilder {
    /// What a schema is made of, and what is wrong with how it is written.
    struct Parts {
        var description: String?
        var types = NamedList<TypeDefinition>()
        var directives = NamedList<DirectiveDefinition>()
        var roots: [OperationKind: TypeDefinition] = [:]
        fileprivate var problems: [String] = []
        fileprivate var definitions: [TypeSystemDefinition] = []

        /// What is wrong with the text, what its directives are included.
        func problems(in schema: Schema) -> [String] {
            problems + AppliedDirectiveCheck.problems(of: definitions, in: schema)
        }
    }

    private var parts = Parts()
    /// Types with what their extensions add, in the order of their definitions.
    private var merged: [TypeSystemDefinition] = []
    private var indexes: [String: Int] = [:]
    private var directives: [TypeSystemDefinition] = []
    private var rootNames: [OperationKind: String] = [:]
    private var hasSchemaDefinition = false

    static func build(_ text: String) throws(SchemaError) -> Parts {
        var builder = SchemaBuilder()
        let own = try parse(text)
        let builtIn = try parse(Prelude.text)
        for definition in own { builder.add(definition, isBuiltIn: false) }
        for definition in builtIn { builder.add(definition, isBuiltIn: true) }
        for definition in own where definition.isExtension { builder.extend(definition) }
        builder.parts.definitions = own
        return builder.finish()
    }

    private static func parse(_ text: String) throws(SchemaError) -> [TypeSystemDefinition] {
        var limits = DocumentLimits()
        (limits.bytes, limits.tokens) = (.max, .max)
        let document: Document
        do throws(GraphQLError) {
            document = try Parser.parse(text, limits: limits)
        } catch {
            let places = error.locations.map { " (line \($0.line), column \($0.column))" }
            throw SchemaError(problems: [error.message + places.joined()])
        }
        return try document.definitions.map { definition throws(SchemaError) in
            guard case .typeSystem(let definition) = definition else {
                throw SchemaError(problems: ["A schema has no operations or fragments."])
            }
            return definition
        }
    }

    private mutating func add(_ definition: TypeSystemDefinition, isBuiltIn: Bool) {
        guard !definition.isExtension else { return }
        let name = definition.name?.text ?? ""
        if !isBuiltIn, name.hasPrefix("__") { problem("\(name): two underscores are introspection's.") }
        switch definition.kind {
        case .schema:
            if hasSchemaDefinition { problem("There can be only one schema definition.") }
            hasSchemaDefinition = true
            parts.description = definition.description
            add(definition.rootTypes)
        case .directive:
            if let index = directives.firstIndex(where: { $0.name?.text == name }) {
                // A schema may spell out what every schema has.
                if !isBuiltIn { problem("@\(directives[index].name?.text ?? ""): defined twice.") }
            } else {
                directives.append(definition)
            }
        case .type:
            if indexes[name] == nil {
                indexes[name] = merged.count
                merged.append(definition)
            } else if !isBuiltIn {
                problem("\(name): defined twice.")
            }
        }
    }

    private mutating func add(_ rootTypes: [TypeSystemDefinition.RootType]) {
        for root in rootTypes {
            if rootNames[root.operation] != nil { problem("\(root.operation.rawValue): has two types.") }
            rootNames[root.operation] = root.type.text
        }
    }

    private mutating func extend(_ definition: TypeSystemDefinition) {
        guard let name = definition.name?.text else { return add(definition.rootTypes) }
        guard let index = indexes[name] else { return problem("\(name): extended, but not defined.") }
        guard merged[index].kind == definition.kind else { return problem("\(name): extended as another kind.") }
        merged[index].directives += definition.directives
        merged[index].interfaces += definition.interfaces
        merged[index].fields += definition.fields
        merged[index].members += definition.members
        merged[index].values += definition.values
        merged[index].inputs += definition.inputs
    }

    private mutating func finish() -> Parts {
        parts.directives = NamedList(
            directives.map { definition in
                let name = definition.name?.text ?? ""
                return DirectiveDefinition(
                    name: name, description: definition.description,
                    locations: definition.locations.compactMap { DirectiveLocation(rawValue: $0.text) },
                    arguments: inputs(definition.inputs, of: "@" + name), isRepeatable: definition.isRepeatable)
            })
        let types = merged.compactMap { definition -> TypeDefinition? in
            if case .type(let kind) = definition.kind { type(kind, definition) } else { nil }
        }
        // A built-in scalar that nothing refers to is not part of the schema (section 3.5).
        let used = Set(types.flatMap(\.references) + parts.directives.elements.flatMap(\.references))
        parts.types = NamedList(
            types.filter { $0.kind != .scalar || ScalarCoding.specified[$0.name] == nil || used.contains($0.name) })
        if !hasSchemaDefinition {
            for (operation, name) in [
                (OperationKind.query, "Query"), (.mutation, "Mutation"), (.subscription, "Subscription"),
            ]
            where rootNames[operation] == nil && parts.types[name] != nil {
                rootNames[operation] = name
            }
        }
        for operation in OperationKind.allCases {
            guard let name = rootNames[operation] else { continue }
            guard let type = parts.types[name], type.kind == .object else {
                problem("\(operation.rawValue): \(name) is no object type.")
                continue
            }
            parts.roots[operation] = type
        }
        return parts
    }

    private mutating func type(_ kind: TypeKind, _ definition: TypeSystemDefinition) -> TypeDefinition {
        let name = definition.name?.text ?? ""
        return TypeDefinition(
            kind: kind, name: name, description: definition.description, interfaces: definition.interfaces.map(\.text),
            fields: list(
                definition.fields.map { field in
                    FieldDefinition(
                        name: field.name.text, description: field.description,
                        arguments: inputs(field.arguments, of: "\(name).\(field.name.text)"),
                        type: field.type.reference,
                        deprecationReason: deprecation(field.directives))
                }, of: name),
            members: definition.members.map(\.text),
            values: list(
                definition.values.map { value in
                    EnumValueDefinition(
                        name: value.name.text, description: value.description,
                        deprecationReason: deprecation(value.directives))
                }, of: name),
            inputs: inputs(definition.inputs, of: name),
            specifiedByURL: argument("url", of: "specifiedBy", in: definition.directives),
            isOneOf: definition.directives.contains { $0.name.text == "oneOf" })
    }

    private mutating func inputs(
        _ definitions: [TypeSystemDefinition.InputValueDefinition], of owner: String
    ) -> NamedList<InputValueDefinition> {
        list(
            definitions.map { input in
                InputValueDefinition(
                    name: input.name.text, description: input.description, type: input.type.reference,
                    defaultValue: input.defaultValue, deprecationReason: deprecation(input.directives))
            }, of: owner)
    }

    private mutating func list<Element: Named>(_ elements: [Element], of owner: String) -> NamedList<Element> {
        var list = NamedList<Element>()
        for element in elements {
            if element.name.hasPrefix("__"), !owner.hasPrefix("__") {
                problem("\(owner).\(element.name): two underscores are introspection's.")
            }
            if !list.append(element) { problem("\(owner).\(element.name): defined twice.") }
        }
        return list
    }

    private func deprecation(_ directives: [Directive]) -> String? {
        guard directives.contains(where: { $0.name.text == "deprecated" }) else { return nil }
        return argument("reason", of: "deprecated", in: directives) ?? "No longer supported"
    }

    private func argument(_ name: String, of directive: String, in directives: [Directive]) -> String? {
        for applied in directives where applied.name.text == directive {
            for argument in applied.arguments where argument.name.text == name {
                if case .string(let text, _) = argument.value.kind { return text }
            }
        }
        return nil
    }

    private mutating func problem(_ text: String) { parts.problems.append(text) }
}

extension TypeDefinition {
    /// The names of the types that its fields, arguments and inputs have.
    fileprivate var references: [String] {
        fields.elements.flatMap { [$0.type.name] + $0.arguments.elements.map(\.type.name) }
            + inputs.elements.map(\.type.name)
    }
}

extension DirectiveDefinition {
    fileprivate var references: [String] { arguments.elements.map(\.type.name) }
}
