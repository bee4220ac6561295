// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import GraphQL

/// A value of the data: `{"ref": ID}` is a row, `{"error": TEXT}` fails, `{"type": NAME}` is an object.
struct Cell: FieldOutput {
    let value: JSONValue?
    let data: ReferenceData
    /// Whether objects and lists are values of a scalar.
    var isScalar = false

    func shape(_ objects: inout [Row]) -> FieldShape {
        switch value {
        case nil, .null?: return .null
        case .array(let values)? where !isScalar:
            return .list(values.map { Cell(value: $0, data: data).shape(&objects) })
        case .object(let object)? where !isScalar:
            if case .string(let message)? = object["error"] { return .failure(FieldFailure(message)) }
            if case .string(let id)? = object["ref"] { return data.row(id)?.shape(&objects) ?? .null }
            return Row(object: object).shape(&objects)
        case let value?: return .leaf(ResponseValue(value))
        }
    }
}

/// An object of the data.
struct Row: GraphQLObject {
    let object: JSONObject

    var type: String { if case .string(let name)? = object["type"] { name } else { "" } }
}

extension ResponseValue {
    init(_ value: InputValue) {
        self =
            switch value {
            case .null: .null
            case .boolean(let value): .boolean(value)
            case .int(let number): .int(number)
            case .float(let number): .float(number)
            case .string(let text), .enum(let text): .string(text)
            case .list(let values): .list(values.map { ResponseValue($0) })
            case .object(let fields):
                .object(fields.sorted { $0.key < $1.key }.map { ($0.key, ResponseValue($0.value)) })
            }
    }

    private static func object(_ fields: [(String, ResponseValue)]) -> ResponseValue {
        .object(ResponseObject(fields))
    }
}
