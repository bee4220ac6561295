// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials

/// CoerceVariableValues (section 6.1.2).
enum VariableCoercion {
    static func variables(
        of operation: OperationDefinition, from given: JSONObject, schema: Schema, source: SourceText
    ) throws(GraphQLErrors) -> Variables {
        var variables = Variables()
        var errors: [GraphQLError] = []
        for definition in operation.variables {
            let type = definition.type.reference
            let name = definition.name.text
            var problems: [String] = []
            if let value = given[name] {
                var coercion = JSONCoercion(schema: schema)
                variables.values[name] = coercion.coerce(value, to: type, at: "$\(name)")
                problems = coercion.problems
            } else if let value = definition.defaultValue {
                var coercion = LiteralCoercion(schema: schema)
                variables.values[name] = coercion.coerce(value, to: type)
                problems = coercion.problems.map(\.message)
            } else if type.isNonNull {
                problems = ["$\(name) of type \(type) is missing."]
            }
            errors += problems.map { GraphQLError(.request, $0, at: [definition.offset], in: source) }
        }
        guard errors.isEmpty else { throw GraphQLErrors(errors: errors) }
        return variables
    }
}
