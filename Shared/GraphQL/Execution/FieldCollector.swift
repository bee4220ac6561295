// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// CollectFields (section 6.3.2).
struct FieldCollector: Sendable {
    let schema: Schema
    let source: SourceText
    let fragments: [String: FragmentDefinition]
    let variables: Variables

    /// The fields that sets select of an object, in the order of the answer.
    func collect(_ sets: [SelectionSet], of type: TypeDefinition) throws(GraphQLError) -> [CollectedField] {
        var found = Found()
        for set in sets { try collect(set, of: type, &found) }
        return found.fields
    }

    private struct Found {
        var fields: [CollectedField] = []
        var indexes: [String: Int] = [:]
        var visited: Set<String> = []
    }

    private func collect(_ set: SelectionSet, of type: TypeDefinition, _ found: inout Found) throws(GraphQLError) {
        for selection in set.selections {
            guard try isIncluded(selection.directives) else { continue }
            switch selection {
            case .field(let field):
                let name = field.responseName
                if let index = found.indexes[name] {
                    found.fields[index].fields.append(field)
                } else if let definition = schema.field(field.name.text, of: type) {
                    found.indexes[name] = found.fields.count
                    found.fields.append(CollectedField(name: name, fields: [field], definition: definition))
                }
            case .inline(let fragment):
                guard applies(fragment.typeCondition, to: type) else { continue }
                try collect(fragment.selectionSet, of: type, &found)
            case .spread(let spread):
                guard let fragment = fragments[spread.name.text], applies(fragment.typeCondition, to: type),
                    found.visited.insert(spread.name.text).inserted
                else { continue }
                try collect(fragment.selectionSet, of: type, &found)
            }
        }
    }

    private func applies(_ condition: Name?, to type: TypeDefinition) -> Bool {
        condition.map { schema.possibleTypes($0.text).contains(type.name) } ?? true
    }

    private func isIncluded(_ directives: [Directive]) throws(GraphQLError) -> Bool {
        guard !directives.isEmpty else { return true }
        if try condition("skip", in: directives) == true { return false }
        return try condition("include", in: directives) != false
    }

    private func condition(_ name: String, in directives: [Directive]) throws(GraphQLError) -> Bool? {
        guard let directive = directives.first(where: { $0.name.text == name }),
            let definition = schema.directives[name]
        else { return nil }
        let coercion = ArgumentCoercion(schema: schema, variables: variables, source: source)
        return try coercion.coerce(directive.arguments, at: directive.offset, to: definition.arguments).boolean("if")
    }
}
