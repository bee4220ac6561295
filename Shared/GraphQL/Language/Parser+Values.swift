// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Values and references to types.
extension Parser {
    /// - Parameter isConstant: whether variables are refused: in defaults, and in what defines a schema.
    mutating func value(isConstant: Bool) throws(GraphQLError) -> ValueNode {
        let start = current.start
        return ValueNode(kind: try valueKind(isConstant: isConstant), offset: start)
    }

    private mutating func valueKind(isConstant: Bool) throws(GraphQLError) -> ValueNode.Kind {
        switch current.kind {
        case .int: return .int(text(of: try advance()))
        case .float: return .float(text(of: try advance()))
        case .string: return .string(try advance().value, isBlock: false)
        case .blockString: return .string(try advance().value, isBlock: true)
        case .name:
            switch text(of: try advance()) {
            case "true": return .boolean(true)
            case "false": return .boolean(false)
            case "null": return .null
            case let name: return .enum(name)
            }
        case .dollar:
            let start = try advance().start
            guard !isConstant else { throw error("Unexpected variable in a constant value.", at: start) }
            return .variable(try name().text)
        case .bracketLeft:
            return try nested { (parser) throws(GraphQLError) in .list(try parser.list(isConstant: isConstant)) }
        case .braceLeft:
            return try nested { (parser) throws(GraphQLError) in .object(try parser.object(isConstant: isConstant)) }
        default:
            throw unexpected()
        }
    }

    private mutating func list(isConstant: Bool) throws(GraphQLError) -> [ValueNode] {
        _ = try expect(.bracketLeft)
        var values: [ValueNode] = []
        while try !skip(.bracketRight) { values.append(try value(isConstant: isConstant)) }
        return values
    }

    private mutating func object(isConstant: Bool) throws(GraphQLError) -> [ValueNode.ObjectField] {
        _ = try expect(.braceLeft)
        var fields: [ValueNode.ObjectField] = []
        while try !skip(.braceRight) {
            let name = try self.name()
            _ = try expect(.colon)
            fields.append(ValueNode.ObjectField(name: name, value: try value(isConstant: isConstant)))
        }
        return fields
    }

    mutating func typeNode() throws(GraphQLError) -> TypeNode {
        let start = current.start
        let type: TypeNode
        if try skip(.bracketLeft) {
            type = .list(try nested { (parser) throws(GraphQLError) in try parser.typeNode() }, offset: start)
            _ = try expect(.bracketRight)
        } else {
            type = .named(try name())
        }
        return try skip(.bang) ? .nonNull(type) : type
    }
}
