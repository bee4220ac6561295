// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials

/// Takes the values that a request gives to variables as values of the schema's types (input coercion, section 3).
struct JSONCoercion {
    let schema: Schema
    /// What does not fit, without the values, which may be nobody else's business.
    private(set) var problems: [String] = []

    init(schema: Schema) { self.schema = schema }

    /// The value; means something only as long as there are no problems.
    ///
    /// - Parameter place: what errors call it: the variable, and the way to a part of it.
    mutating func coerce(_ value: JSONValue, to type: TypeReference, at place: String) -> InputValue {
        switch type {
        case .nonNull(let inner):
            guard value != .null else { return problem("\(place) is null; its type is \(type).") }
            return coerce(value, to: inner, at: place)
        case .list(let type):
            guard value != .null else { return .null }
            guard case .array(let values) = value else { return .list([coerce(value, to: type, at: place)]) }
            return .list(values.enumerated().map { coerce($1, to: type, at: "\(place)[\($0)]") })
        case .named(let name):
            guard value != .null else { return .null }
            guard let type = schema.types[name] else { return .null }
            return type.kind == .inputObject ? object(value, of: type, at: place) : leaf(value, of: type, at: place)
        }
    }

    private mutating func leaf(_ value: JSONValue, of type: TypeDefinition, at place: String) -> InputValue {
        if type.kind == .enum {
            if case .string(let name) = value, type.values[name] != nil { return .enum(name) }
        } else if let value = schema.coding(type.name).read(ScalarInput(value)) {
            return value
        }
        return problem("\(place) is no value of type \(type.name).")
    }

    private mutating func object(_ value: JSONValue, of type: TypeDefinition, at place: String) -> InputValue {
        guard case .object(let object) = value else { return problem("\(place) is no object of type \(type.name).") }
        var values: [String: InputValue] = [:]
        for input in type.inputs.elements {
            if let given = object[input.name] {
                values[input.name] = coerce(given, to: input.type, at: "\(place).\(input.name)")
            } else if input.isRequired {
                problem("\(place) lacks the field \"\(input.name)\" of type \(type.name).")
            } else {
                values[input.name] = LiteralCoercion(schema: schema).defaultValue(of: input)
            }
        }
        for member in object.members where type.inputs[member.name] == nil {
            problem("\(place) has a field that the type \(type.name) lacks.")
        }
        if type.isOneOf {
            let known = object.members.filter { type.inputs[$0.name] != nil }
            if known.count != 1 { problem("Of \(place) exactly one field is given.") }
            if known.first?.value == .null { problem("Of \(place) exactly one field is given, and not null.") }
        }
        return .object(values)
    }

    @discardableResult
    private mutating func problem(_ message: String) -> InputValue {
        problems.append(message)
        return .null
    }
}
