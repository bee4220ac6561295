// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Operations, fragments and what they select.
extension Parser {
    mutating func operation(from start: Int) throws(GraphQLError) -> OperationDefinition {
        guard current.kind == .name else {
            return OperationDefinition(
                kind: .query, name: nil, variables: [], directives: [], selectionSet: try selectionSet(), offset: start)
        }
        let kind = try operationKind()
        let name = current.kind == .name ? try self.name() : nil
        let variables = try optionalMany(.parenthesisLeft, .parenthesisRight) { (parser) throws(GraphQLError) in
            try parser.variableDefinition()
        }
        return OperationDefinition(
            kind: kind, name: name, variables: variables, directives: try directives(isConstant: false),
            selectionSet: try selectionSet(), offset: start)
    }

    mutating func operationKind() throws(GraphQLError) -> OperationKind {
        guard current.kind == .name, let kind = OperationKind(rawValue: text(of: current)) else { throw unexpected() }
        try advance()
        return kind
    }

    private mutating func variableDefinition() throws(GraphQLError) -> VariableDefinition {
        let start = current.start
        _ = try description()
        _ = try expect(.dollar)
        let name = try self.name()
        _ = try expect(.colon)
        let type = try typeNode()
        let defaultValue = try skip(.equals) ? try value(isConstant: true) : nil
        return VariableDefinition(
            name: name, type: type, defaultValue: defaultValue, directives: try directives(isConstant: true),
            offset: start)
    }

    mutating func fragment(from start: Int) throws(GraphQLError) -> FragmentDefinition {
        try expectKeyword("fragment")
        guard !isKeyword("on") else { throw unexpected() }
        let name = try self.name()
        try expectKeyword("on")
        return FragmentDefinition(
            name: name, typeCondition: try self.name(), directives: try directives(isConstant: false),
            selectionSet: try selectionSet(), offset: start)
    }

    private mutating func selectionSet() throws(GraphQLError) -> SelectionSet {
        let start = current.start
        return try nested { (parser) throws(GraphQLError) in
            let selections = try parser.many(.braceLeft, .braceRight) { (parser) throws(GraphQLError) in
                try parser.selection()
            }
            return SelectionSet(selections: selections, offset: start)
        }
    }

    private mutating func selection() throws(GraphQLError) -> Selection {
        let start = current.start
        guard try skip(.spread) else { return .field(try field()) }
        let hasCondition = try skipKeyword("on")
        if !hasCondition, current.kind == .name {
            let name = try self.name()
            return .spread(FragmentSpread(name: name, directives: try directives(isConstant: false), offset: start))
        }
        let typeCondition = hasCondition ? try name() : nil
        return .inline(
            InlineFragment(
                typeCondition: typeCondition, directives: try directives(isConstant: false),
                selectionSet: try selectionSet(), offset: start))
    }

    private mutating func field() throws(GraphQLError) -> Field {
        let first = try name()
        let alias = try skip(.colon) ? first : nil
        let name = alias == nil ? first : try self.name()
        return Field(
            alias: alias, name: name, arguments: try arguments(isConstant: false),
            directives: try directives(isConstant: false),
            selectionSet: current.kind == .braceLeft ? try selectionSet() : nil)
    }

    private mutating func arguments(isConstant: Bool) throws(GraphQLError) -> [Argument] {
        try optionalMany(.parenthesisLeft, .parenthesisRight) { (parser) throws(GraphQLError) in
            let name = try parser.name()
            _ = try parser.expect(.colon)
            return Argument(name: name, value: try parser.value(isConstant: isConstant))
        }
    }

    mutating func directives(isConstant: Bool) throws(GraphQLError) -> [Directive] {
        var directives: [Directive] = []
        while current.kind == .at {
            let start = try advance().start
            let name = try self.name()
            directives.append(
                Directive(name: name, arguments: try arguments(isConstant: isConstant), offset: start))
        }
        return directives
    }
}
