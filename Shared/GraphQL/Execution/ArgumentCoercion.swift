// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// CoerceArgumentValues (section 6.4.1).
struct ArgumentCoercion {
    let schema: Schema
    let variables: Variables
    let source: SourceText

    /// - Parameters:
    ///   - offset: of what has the arguments.
    ///   - inputs: the arguments that it may have.
    func coerce(
        _ arguments: [Argument], at offset: Int, to inputs: NamedList<InputValueDefinition>
    ) throws(GraphQLError) -> Arguments {
        guard !inputs.isEmpty else { return .none }
        var coercion = LiteralCoercion(schema: schema, variables: variables)
        var values: [String: InputValue] = [:]
        for input in inputs.elements {
            guard let node = arguments.last(where: { $0.name.text == input.name })?.value else {
                guard !input.isRequired else {
                    throw error("The argument \"\(input.name)\" of type \(input.type) is missing.", at: offset)
                }
                values[input.name] = coercion.defaultValue(of: input)
                continue
            }
            if case .variable(let name) = node.kind, variables.values[name] == nil, !input.isRequired {
                values[input.name] = coercion.defaultValue(of: input)
                continue
            }
            values[input.name] = coercion.coerce(node, to: input.type)
            if let problem = coercion.problems.first { throw error(problem.message, at: problem.offset) }
        }
        return Arguments(values: values)
    }

    private func error(_ message: String, at offset: Int) -> GraphQLError {
        GraphQLError(.field, message, at: [offset], in: source)
    }
}
