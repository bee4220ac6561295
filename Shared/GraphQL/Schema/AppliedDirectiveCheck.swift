// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The directives that a schema's text applies: known, at their places, with their arguments (sections 3.13 and 5.7).
struct AppliedDirectiveCheck {
    private let schema: Schema
    private var problems: [String] = []

    static func problems(of definitions: [TypeSystemDefinition], in schema: Schema) -> [String] {
        var check = AppliedDirectiveCheck(schema: schema)
        for definition in definitions { check.check(definition) }
        return check.problems
    }

    private init(schema: Schema) { self.schema = schema }

    private mutating func check(_ definition: TypeSystemDefinition) {
        let location: DirectiveLocation
        var inputs = DirectiveLocation.inputFieldDefinition
        switch definition.kind {
        case .schema: location = .schema
        case .directive: (location, inputs) = (.argumentDefinition, .argumentDefinition)
        case .type(.scalar): location = .scalar
        case .type(.interface): location = .interface
        case .type(.union): location = .union
        case .type(.enum): location = .enum
        case .type(.inputObject): location = .inputObject
        case .type: location = .object
        }
        check(definition.directives, at: location)
        for input in definition.inputs { check(input.directives, at: inputs) }
        for value in definition.values { check(value.directives, at: .enumValue) }
        for field in definition.fields {
            check(field.directives, at: .fieldDefinition)
            for argument in field.arguments { check(argument.directives, at: .argumentDefinition) }
        }
    }

    private mutating func check(_ directives: [Directive], at location: DirectiveLocation) {
        var seen: Set<String> = []
        for directive in directives {
            let name = "@\(directive.name.text)"
            guard let definition = schema.directives[directive.name.text] else {
                problems.append("\(name): there is no such directive.")
                continue
            }
            if !definition.locations.contains(location) { problems.append("\(name): not at \(location.rawValue).") }
            if !seen.insert(name).inserted, !definition.isRepeatable { problems.append("\(name): applied twice.") }
            for argument in definition.arguments.elements where argument.isRequired {
                if !directive.arguments.contains(where: { $0.name.text == argument.name }) {
                    problems.append("\(name): lacks \(argument.name).")
                }
            }
            for argument in directive.arguments {
                guard let input = definition.arguments[argument.name.text] else {
                    problems.append("\(name): has no argument \(argument.name.text).")
                    continue
                }
                var coercion = LiteralCoercion(schema: schema)
                _ = coercion.coerce(argument.value, to: input.type)
                problems += coercion.problems.map { "\(name): \($0.message)" }
            }
        }
    }
}
