// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import GraphQL

/// The resolvers of `reference.py`, in Swift.
enum ReferenceResolvers {
    /// Requests bring nothing along.
    struct Context: Sendable {}

    static func executable(_ schema: Schema, _ data: ReferenceData) throws -> ExecutableSchema<Context> {
        var resolvers = Resolvers<Context>()
        for type in schema.types.elements where !type.name.hasPrefix("__") {
            switch type.kind {
            case .object where schema.root(.query) === type:
                resolvers.object(type.name, of: RootObject.self) { addQuery(&$0, data) }
            case .object where schema.root(.mutation) === type:
                resolvers.object(type.name, of: RootObject.self) { addMutation(&$0, data) }
            case .object where schema.root(.subscription) !== type:
                resolvers.object(type.name, of: Row.self) { addFields(of: type, &$0, data, schema) }
            case .interface, .union:
                resolvers.abstract(type.name, of: Row.self) { cases in
                    for name in schema.possibleTypes(type.name).sorted() {
                        cases.type(name) { $0.type == name ? $0 : nil }
                    }
                }
            default:
                break
            }
        }
        return try ExecutableSchema(schema, resolvers)
    }

    /// Fields that are what the row says, each in one of the three ways.
    private static func addFields(
        of type: TypeDefinition, _ resolvers: inout ObjectResolvers<Context, Row>, _ data: ReferenceData,
        _ schema: Schema
    ) {
        for (index, field) in type.fields.elements.enumerated() {
            let name = field.name
            let isScalar = field.type.name == "Any"
            @Sendable func value(_ row: Row, _ arguments: Arguments) -> JSONValue? {
                switch (name, row.object[name]) {
                case ("name", .string(let text)?) where arguments.boolean("upper") == true: .string(text.uppercased())
                case ("friends", .array(let values)?): .array(Array(values.prefix(max(arguments.int("first") ?? 0, 0))))
                case (_, let value): value
                }
            }
            if schema.type(field.type)?.kind.isLeaf == true {
                switch index % 3 {
                case 0:
                    resolvers.property(name) { row, arguments in
                        Leaf(Cell(value: value(row, arguments), data: data, isScalar: isScalar))
                    }
                case 1:
                    resolvers.field(name) { row, arguments, _ in
                        Leaf(Cell(value: value(row, arguments), data: data, isScalar: isScalar))
                    }
                default:
                    resolvers.batch(name) { requests, _ in
                        requests.map {
                            Leaf(Cell(value: value($0.source, $0.arguments), data: data, isScalar: isScalar))
                        }
                    }
                }
            } else {
                switch index % 3 {
                case 0: resolvers.property(name) { Cell(value: value($0, $1), data: data) }
                case 1: resolvers.field(name) { row, arguments, _ in Cell(value: value(row, arguments), data: data) }
                default:
                    resolvers.batch(name) { requests, _ in
                        requests.map { Cell(value: value($0.source, $0.arguments), data: data) }
                    }
                }
            }
        }
    }

    private static func addQuery(_ query: inout ObjectResolvers<Context, RootObject>, _ data: ReferenceData) {
        query.batch("user") { requests, _ in
            requests.map { request in
                data.row(request.arguments.string("id") ?? "").flatMap { $0.type == "User" ? $0 : nil }
            }
        }
        query.field("users") { _, arguments, _ in
            let users = data.rows(of: "User")
            let after = arguments.string("after")
            let rest = users.drop { row in after.map { row.object["id"] != .string($0) } ?? false }
            return Array((after == nil ? rest : rest.dropFirst()).prefix(max(arguments.int("first") ?? 0, 0)))
        }
        query.property("node") { _, arguments in data.row(arguments.string("id") ?? "") }
        query.field("nodes") { _, arguments, _ in
            (arguments.list("ids") ?? []).map { id -> Row? in
                if case .string(let id) = id { data.row(id) } else { nil }
            }
        }
        for name in ["named", "mammals", "pets", "anything", "faulty", "faultyNonNull"] {
            query.field(name) { _, _, _ in Cell(value: data.root(name), data: data) }
        }
        query.property("version") { _ in Leaf(Cell(value: data.root("version"), data: data)) }
        for name in ["echo", "needs"] {
            query.property(name) { _, arguments in ResponseValue(InputValue.object(arguments.values)) }
        }
    }

    private static func addMutation(_ mutation: inout ObjectResolvers<Context, RootObject>, _ data: ReferenceData) {
        mutation.field("rename") { _, arguments, _ in
            guard var object = data.row(arguments.string("id") ?? "")?.object else { return Row?.none }
            object["name"] = .string(arguments.string("name") ?? "")
            return Row(object: object)
        }
        mutation.field("count") { _, arguments, _ in arguments.int("step") }
    }
}

/// A cell that holds no objects.
struct Leaf: FieldOutput {
    private let cell: Cell

    init(_ cell: Cell) { self.cell = cell }

    func shape(_ objects: inout [Never]) -> FieldShape {
        var none: [Row] = []
        return cell.shape(&none)
    }
}
