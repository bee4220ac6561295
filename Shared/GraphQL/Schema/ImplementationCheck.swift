// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// IsValidImplementation (section 3.6): whether a type has all that the interfaces it names promise.
struct ImplementationCheck {
    private let type: TypeDefinition
    private let schema: Schema
    private var problems: [String] = []

    static func problems(of type: TypeDefinition, in schema: Schema) -> [String] {
        var check = ImplementationCheck(type: type, schema: schema)
        if Set(type.interfaces).count < type.interfaces.count { check.problem("names an interface twice.") }
        for name in type.interfaces {
            guard let interface = schema.types[name], interface.kind == .interface else {
                check.problem("\(name) is no interface.")
                continue
            }
            guard name != type.name else {
                check.problem("implements itself.")
                continue
            }
            check.check(interface)
        }
        return check.problems
    }

    private init(type: TypeDefinition, schema: Schema) {
        self.type = type
        self.schema = schema
    }

    private mutating func check(_ interface: TypeDefinition) {
        for name in interface.interfaces where !type.interfaces.contains(name) {
            problem("implements \(interface.name), so it has to name \(name), too.")
        }
        for promised in interface.fields.elements {
            guard let field = type.fields[promised.name] else {
                problem("lacks \(interface.name).\(promised.name).")
                continue
            }
            if !schema.isSubtype(field.type, of: promised.type) {
                problem("\(field.name) is not of the type of \(interface.name).\(promised.name).")
            }
            for argument in promised.arguments.elements where field.arguments[argument.name]?.type != argument.type {
                problem("\(field.name) lacks the argument \(argument.name) of \(interface.name).\(promised.name).")
            }
            for argument in field.arguments.elements
            where promised.arguments[argument.name] == nil && argument.isRequired {
                problem("\(field.name) requires \(argument.name), which \(interface.name).\(promised.name) lacks.")
            }
        }
    }

    private mutating func problem(_ text: String) { problems.append("\(type.name): \(text)") }
}
