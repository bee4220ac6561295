// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The walk that finds the facts.
extension DocumentFacts {
    mutating func walk() {
        for definition in document.definitions {
            switch definition {
            case .operation(let operation): walk(operation)
            case .fragment(let fragment): walk(fragment)
            case .typeSystem: break
            }
        }
    }

    private mutating func walk(_ operation: OperationDefinition) {
        var scope = ScopeFacts()
        for variable in operation.variables { walk(variable) }
        let location: DirectiveLocation =
            switch operation.kind {
            case .query: .query
            case .mutation: .mutation
            case .subscription: .subscription
            }
        walk(operation.directives, at: location, &scope)
        walk(operation.selectionSet, of: schema.root(operation.kind), isInline: false, &scope)
        scope.spreads = Self.spreads(in: operation.selectionSet)
        operationScopes.append(scope)
    }

    private mutating func walk(_ fragment: FragmentDefinition) {
        var scope = ScopeFacts()
        typeNames.append(fragment.typeCondition)
        walk(fragment.directives, at: .fragmentDefinition, &scope)
        walk(fragment.selectionSet, of: composite(fragment.typeCondition), isInline: false, &scope)
        scope.spreads = Self.spreads(in: fragment.selectionSet)
        fragmentScopes.append(scope)
    }

    private mutating func walk(_ variable: VariableDefinition) {
        typeNames.append(variable.type.name)
        let isInput = schema.types[variable.type.name.text]?.kind.isInput == true
        // Defaults and their directives hold no variables.
        var scope = ScopeFacts()
        if let value = variable.defaultValue { walk(value, as: isInput ? variable.type.reference : nil, &scope) }
        walk(variable.directives, at: .variableDefinition, &scope)
    }

    private mutating func walk(
        _ set: SelectionSet, of parent: TypeDefinition?, isInline: Bool, _ scope: inout ScopeFacts
    ) {
        if !isInline { selectionSets.append(SelectionSetUse(set: set, parent: parent)) }
        for selection in set.selections {
            switch selection {
            case .field(let field):
                let definition = parent.flatMap { schema.field(field.name.text, of: $0) }
                fields.append(FieldUse(field: field, parent: parent, definition: definition))
                walk(field.arguments, definition?.arguments, &scope)
                walk(field.directives, at: .field, &scope)
                guard let set = field.selectionSet else { continue }
                let type = definition.flatMap { schema.type($0.type) }
                walk(set, of: type.flatMap { $0.kind.isComposite ? $0 : nil }, isInline: false, &scope)
            case .inline(let fragment):
                var type = parent
                if let condition = fragment.typeCondition {
                    typeNames.append(condition)
                    type = composite(condition)
                }
                inlineFragments.append(InlineFragmentUse(fragment: fragment, parent: parent, type: type))
                walk(fragment.directives, at: .inlineFragment, &scope)
                walk(fragment.selectionSet, of: type, isInline: true, &scope)
            case .spread(let spread):
                spreads.append(SpreadUse(spread: spread, parent: parent))
                walk(spread.directives, at: .fragmentSpread, &scope)
            }
        }
    }

    private mutating func walk(_ applied: [Directive], at location: DirectiveLocation, _ scope: inout ScopeFacts) {
        guard !applied.isEmpty else { return }
        directiveLists.append(applied)
        for directive in applied {
            let definition = schema.directives[directive.name.text]
            directives.append(DirectiveUse(directive: directive, location: location, definition: definition))
            walk(directive.arguments, definition?.arguments, &scope)
        }
    }

    private mutating func walk(
        _ arguments: [Argument], _ inputs: NamedList<InputValueDefinition>?, _ scope: inout ScopeFacts
    ) {
        guard !arguments.isEmpty else { return }
        argumentLists.append(arguments)
        for argument in arguments {
            let input = inputs?[argument.name.text]
            walk(argument.value, as: input?.type, hasDefault: input?.defaultValue != nil, &scope)
        }
    }

    private mutating func walk(
        _ value: ValueNode, as type: TypeReference?, hasDefault: Bool = false, _ scope: inout ScopeFacts
    ) {
        if let type { values.append(ValueUse(value: value, type: type)) }
        walkParts(of: value, as: type, hasDefault: hasDefault, oneOf: nil, &scope)
    }

    private mutating func walkParts(
        of value: ValueNode, as type: TypeReference?, hasDefault: Bool, oneOf: TypeDefinition?,
        _ scope: inout ScopeFacts
    ) {
        switch value.kind {
        case .variable(let name):
            scope.variables.append(
                VariableUse(name: name, offset: value.offset, type: type, hasDefault: hasDefault, oneOf: oneOf))
        case .list(let values):
            var item: TypeReference?
            if case .list(let type)? = type?.nullable { item = type }
            for value in values { walkParts(of: value, as: item, hasDefault: false, oneOf: nil, &scope) }
        case .object(let fields):
            objectValues.append(fields)
            let object = type.flatMap { schema.type($0) }
            for field in fields {
                let input = object?.inputs[field.name.text]
                walkParts(
                    of: field.value, as: input?.type, hasDefault: input?.defaultValue != nil,
                    oneOf: object?.isOneOf == true ? object : nil, &scope)
            }
        case .int, .float, .string, .boolean, .null, .enum:
            break
        }
    }

    private static func spreads(in set: SelectionSet) -> [FragmentSpread] {
        var spreads: [FragmentSpread] = []
        var open = [set]
        while let set = open.popLast() {
            for selection in set.selections {
                switch selection {
                case .spread(let spread): spreads.append(spread)
                case .field(let field): if let set = field.selectionSet { open.append(set) }
                case .inline(let fragment): open.append(fragment.selectionSet)
                }
            }
        }
        return spreads
    }
}
