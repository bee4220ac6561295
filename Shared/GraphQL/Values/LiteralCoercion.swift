// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Takes values of a document as values of the schema's types (input coercion, section 3), and collects what does not fit.
struct LiteralCoercion {
    struct Problem {
        let message: String
        let offset: Int
    }

    let schema: Schema
    /// `nil` while a document is checked: a variable then stands for any value, and other rules see to its type.
    var variables: Variables?
    private(set) var problems: [Problem] = []

    init(schema: Schema, variables: Variables? = nil) {
        self.schema = schema
        self.variables = variables
    }

    /// The value, or `nil` when it is a variable that was not given. Means something only as long as there are no problems.
    mutating func coerce(_ node: ValueNode, to type: TypeReference) -> InputValue? {
        if case .variable(let name) = node.kind { return variable(name, at: node, to: type) }
        switch type {
        case .nonNull(let type):
            guard !node.isNull else { return problem("A value of type \(type)! cannot be null.", at: node.offset) }
            return coerce(node, to: type)
        case .list(let type):
            guard !node.isNull else { return .null }
            guard case .list(let nodes) = node.kind else { return coerce(node, to: type).map { .list([$0]) } }
            return .list(nodes.map { coerce($0, to: type) ?? .null })
        case .named(let name):
            guard !node.isNull else { return .null }
            guard let type = schema.types[name] else { return nil }
            return type.kind == .inputObject ? object(node, of: type) : leaf(node, of: type)
        }
    }

    /// What an input has when it is not given.
    func defaultValue(of input: InputValueDefinition) -> InputValue? {
        guard let value = input.defaultValue else { return nil }
        var coercion = LiteralCoercion(schema: schema)
        return coercion.coerce(value, to: input.type)
    }

    private mutating func variable(_ name: String, at node: ValueNode, to type: TypeReference) -> InputValue? {
        guard let variables else { return .null }
        let value = variables.values[name]
        if type.isNonNull, value == nil || value == .null {
            return problem("The variable \"$\(name)\" has no value, which the type \(type) requires.", at: node.offset)
        }
        return value
    }

    private mutating func leaf(_ node: ValueNode, of type: TypeDefinition) -> InputValue? {
        if type.kind == .enum {
            if case .enum(let name) = node.kind, type.values[name] != nil { return .enum(name) }
            return problem("This is no value of the enum \(type.name).", at: node.offset)
        }
        let input = ScalarInput(node.kind, value: untyped(node))
        return schema.coding(type.name).read(input)
            ?? problem("This is no value of type \(type.name).", at: node.offset)
    }

    private mutating func object(_ node: ValueNode, of type: TypeDefinition) -> InputValue? {
        guard case .object(let fields) = node.kind else {
            return problem("A value of type \(type.name) is an object.", at: node.offset)
        }
        let given = Dictionary(fields.map { ($0.name.text, $0.value) }, uniquingKeysWith: { $1 })
        var values: [String: InputValue] = [:]
        for input in type.inputs.elements {
            values[input.name] = value(of: input, given: given[input.name], in: node, of: type)
        }
        for field in fields where type.inputs[field.name.text] == nil {
            problem("The type \(type.name) has no field \"\(field.name.text)\".", at: field.name.offset)
        }
        if type.isOneOf {
            let known = fields.filter { type.inputs[$0.name.text] != nil }
            guard known.count == 1, !known[0].value.isNull else {
                return problem("Of type \(type.name) exactly one field is given, and not null.", at: node.offset)
            }
        }
        return .object(values)
    }

    /// A field of an input object: as given, or as its default says, or missing.
    private mutating func value(
        of input: InputValueDefinition, given: ValueNode?, in node: ValueNode, of type: TypeDefinition
    ) -> InputValue? {
        guard let given else {
            guard !input.isRequired else {
                return problem("The type \(type.name) requires the field \"\(input.name)\".", at: node.offset)
            }
            return defaultValue(of: input)
        }
        if let variables, case .variable(let name) = given.kind {
            let value = variables.values[name]
            if type.isOneOf, value == nil || value == .null {
                return problem("Of type \(type.name) exactly one field is given, and not null.", at: node.offset)
            }
            if value == nil, !input.isRequired { return defaultValue(of: input) }
        }
        return coerce(given, to: input.type)
    }

    /// A value of which no type is known, for scalars of a schema's own.
    private func untyped(_ node: ValueNode) -> InputValue {
        switch node.kind {
        case .variable(let name): variables?.values[name] ?? .null
        case .int(let text), .float(let text): .number(text)
        case .string(let text, _): .string(text)
        case .boolean(let value): .boolean(value)
        case .null: .null
        case .enum(let name): .enum(name)
        case .list(let nodes): .list(nodes.map(untyped))
        case .object(let fields):
            .object(Dictionary(fields.map { ($0.name.text, untyped($0.value)) }, uniquingKeysWith: { $1 }))
        }
    }

    @discardableResult
    private mutating func problem(_ message: String, at offset: Int) -> InputValue? {
        problems.append(Problem(message: message, offset: offset))
        return nil
    }
}
