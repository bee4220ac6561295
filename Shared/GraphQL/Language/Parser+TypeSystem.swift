// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Definitions and extensions of schemas, types and directives (section 3).
extension Parser {
    mutating func typeSystemDefinition(
        from start: Int, description: String?
    ) throws(GraphQLError) -> TypeSystemDefinition {
        var isExtension = false
        if isKeyword("extend") {
            guard description == nil else { throw error("An extension has no description.", at: start) }
            try advance()
            isExtension = true
        }
        guard current.kind == .name else { throw unexpected() }
        let kind: TypeSystemDefinition.Kind
        switch text(of: current) {
        case "schema": kind = .schema
        case "scalar": kind = .type(.scalar)
        case "type": kind = .type(.object)
        case "interface": kind = .type(.interface)
        case "union": kind = .type(.union)
        case "enum": kind = .type(.enum)
        case "input": kind = .type(.inputObject)
        case "directive" where !isExtension: kind = .directive
        default:
            guard description == nil else { throw error("Nothing that has a description follows.", at: start) }
            throw unexpected()
        }
        try advance()
        var definition = TypeSystemDefinition(
            kind: kind, isExtension: isExtension, description: description, offset: start)
        switch kind {
        case .schema: try schema(&definition)
        case .directive: try directive(&definition)
        case .type(let kind): try type(kind, &definition)
        }
        return definition
    }

    private mutating func schema(_ definition: inout TypeSystemDefinition) throws(GraphQLError) {
        definition.directives = try directives(isConstant: true)
        if definition.isExtension, current.kind != .braceLeft {
            guard !definition.directives.isEmpty else { throw unexpected() }
            return
        }
        definition.rootTypes = try many(.braceLeft, .braceRight) { (parser) throws(GraphQLError) in
            let operation = try parser.operationKind()
            _ = try parser.expect(.colon)
            return TypeSystemDefinition.RootType(operation: operation, type: try parser.name())
        }
    }

    private mutating func directive(_ definition: inout TypeSystemDefinition) throws(GraphQLError) {
        _ = try expect(.at)
        definition.name = try name()
        definition.inputs = try inputs(.parenthesisLeft, .parenthesisRight)
        definition.isRepeatable = try skipKeyword("repeatable")
        try expectKeyword("on")
        definition.locations = try separated(by: .pipe) { (parser) throws(GraphQLError) in
            let start = parser.current.start
            let name = try parser.name()
            guard DirectiveLocation(rawValue: name.text) != nil else {
                throw parser.error("Unexpected \"\(name.text)\".", at: start)
            }
            return name
        }
    }

    private mutating func type(_ kind: TypeKind, _ definition: inout TypeSystemDefinition) throws(GraphQLError) {
        definition.name = try name()
        if kind == .object || kind == .interface, try skipKeyword("implements") {
            definition.interfaces = try separated(by: .ampersand) { (parser) throws(GraphQLError) in try parser.name() }
        }
        definition.directives = try directives(isConstant: true)
        switch kind {
        case .object, .interface: definition.fields = try fields()
        case .union:
            if try skip(.equals) {
                definition.members = try separated(by: .pipe) { (parser) throws(GraphQLError) in try parser.name() }
            }
        case .enum: definition.values = try enumValues()
        case .inputObject: definition.inputs = try inputs(.braceLeft, .braceRight)
        case .scalar, .list, .nonNull: break
        }
        // An extension that adds nothing is a mistake (section 3.4.3 and the like).
        if definition.isExtension, definition.interfaces.isEmpty, definition.directives.isEmpty,
            definition.fields.isEmpty, definition.members.isEmpty, definition.values.isEmpty, definition.inputs.isEmpty
        {
            throw unexpected()
        }
    }

    private mutating func fields() throws(GraphQLError) -> [TypeSystemDefinition.FieldDefinition] {
        try optionalMany(.braceLeft, .braceRight) { (parser) throws(GraphQLError) in
            let description = try parser.description()
            let name = try parser.name()
            let arguments = try parser.inputs(.parenthesisLeft, .parenthesisRight)
            _ = try parser.expect(.colon)
            return TypeSystemDefinition.FieldDefinition(
                description: description, name: name, arguments: arguments, type: try parser.typeNode(),
                directives: try parser.directives(isConstant: true))
        }
    }

    private mutating func inputs(
        _ open: Token.Kind, _ close: Token.Kind
    ) throws(GraphQLError) -> [TypeSystemDefinition.InputValueDefinition] {
        try optionalMany(open, close) { (parser) throws(GraphQLError) in
            let description = try parser.description()
            let name = try parser.name()
            _ = try parser.expect(.colon)
            let type = try parser.typeNode()
            let defaultValue = try parser.skip(.equals) ? try parser.value(isConstant: true) : nil
            return TypeSystemDefinition.InputValueDefinition(
                description: description, name: name, type: type, defaultValue: defaultValue,
                directives: try parser.directives(isConstant: true))
        }
    }

    private mutating func enumValues() throws(GraphQLError) -> [TypeSystemDefinition.EnumValueDefinition] {
        try optionalMany(.braceLeft, .braceRight) { (parser) throws(GraphQLError) in
            let description = try parser.description()
            if ["true", "false", "null"].contains(where: parser.isKeyword) {
                throw parser.error("A reserved name cannot be an enum's value.", at: parser.current.start)
            }
            return TypeSystemDefinition.EnumValueDefinition(
                description: description, name: try parser.name(), directives: try parser.directives(isConstant: true))
        }
    }
}
