// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What sections 3.1 to 3.13 demand of types and directives.
struct SchemaCheck {
    private let schema: Schema
    private var problems: [String] = []

    static func problems(of schema: Schema) -> [String] {
        var check = SchemaCheck(schema: schema)
        if schema.root(.query) == nil { check.problem("There is no type for queries.") }
        let roots = OperationKind.allCases.compactMap { schema.root($0)?.name }
        if Set(roots).count < roots.count { check.problem("Two kinds of operations have one type.") }
        for type in schema.types.elements { check.check(type) }
        for directive in schema.directives.elements {
            check.checkInputs(directive.arguments, of: "@" + directive.name)
        }
        return check.problems
    }

    private init(schema: Schema) { self.schema = schema }

    private mutating func check(_ type: TypeDefinition) {
        switch type.kind {
        case .object, .interface:
            if type.fields.isEmpty { problem("\(type.name): has no fields.") }
            for field in type.fields.elements {
                checkOutput(field.type, of: "\(type.name).\(field.name)")
                checkInputs(field.arguments, of: "\(type.name).\(field.name)")
            }
            problems += ImplementationCheck.problems(of: type, in: schema)
        case .union:
            if type.members.isEmpty { problem("\(type.name): has no members.") }
            if Set(type.members).count < type.members.count { problem("\(type.name): has a member twice.") }
            for member in type.members where schema.types[member]?.kind != .object {
                problem("\(type.name): \(member) is no object type.")
            }
        case .enum:
            if type.values.isEmpty { problem("\(type.name): has no values.") }
        case .inputObject:
            if type.inputs.isEmpty { problem("\(type.name): has no fields.") }
            checkInputs(type.inputs, of: type.name)
            for input in type.inputs.elements where type.isOneOf && (input.type.isNonNull || input.defaultValue != nil)
            {
                problem("\(type.name).\(input.name): of one-of input objects no field is non-null or has a default.")
            }
            if requires(type.name, in: type, visited: []) {
                problem("\(type.name): requires a value of its own type.")
            }
        case .scalar, .list, .nonNull:
            break
        }
    }

    private mutating func checkOutput(_ type: TypeReference, of owner: String) {
        guard let definition = schema.type(type) else { return problem("\(owner): there is no type \(type.name).") }
        if !definition.kind.isOutput { problem("\(owner): \(type.name) is for input only.") }
    }

    private mutating func checkInputs(_ inputs: NamedList<InputValueDefinition>, of owner: String) {
        for input in inputs.elements {
            let name = "\(owner).\(input.name)"
            guard let definition = schema.type(input.type) else {
                problem("\(name): there is no type \(input.type.name).")
                continue
            }
            guard definition.kind.isInput else {
                problem("\(name): \(input.type.name) is no input type.")
                continue
            }
            if input.isRequired, input.deprecationReason != nil { problem("\(name): required, yet deprecated.") }
            guard let value = input.defaultValue else { continue }
            if usesItself(definition, value, visited: []) {
                problem("\(name): the default refers to itself.")
                continue
            }
            var coercion = LiteralCoercion(schema: schema)
            _ = coercion.coerce(value, to: input.type)
            for found in coercion.problems { problem("\(name): \(found.message)") }
        }
    }

    /// Whether a value of `type` needs one of `name` inside, without end (section 3.10, circular references).
    private func requires(_ name: String, in type: TypeDefinition, visited: Set<String>) -> Bool {
        type.inputs.elements.contains { input in
            guard case .nonNull(.named(let next)) = input.type, !visited.contains(next),
                let definition = schema.types[next], definition.kind == .inputObject
            else { return false }
            return next == name || requires(name, in: definition, visited: visited.union([next]))
        }
    }

    /// Whether working out a default needs the same default again: `input A { a: A = {} }`.
    private func usesItself(_ type: TypeDefinition, _ value: ValueNode, visited: Set<String>) -> Bool {
        switch value.kind {
        case .list(let values):
            return values.contains { usesItself(type, $0, visited: visited) }
        case .object(let fields) where type.kind == .inputObject:
            return type.inputs.elements.contains { input in
                guard let next = schema.type(input.type) else { return false }
                if let given = fields.last(where: { $0.name.text == input.name }) {
                    return usesItself(next, given.value, visited: visited)
                }
                guard let value = input.defaultValue else { return false }
                let name = "\(type.name).\(input.name)"
                return visited.contains(name) || usesItself(next, value, visited: visited.union([name]))
            }
        default:
            return false
        }
    }

    private mutating func problem(_ text: String) { problems.append(text) }
}
