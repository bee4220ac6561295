// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// A value of an answer.
public enum ResponseValue: Sendable, Equatable {
    /// `null`
    case null
    /// A boolean.
    case boolean(Bool)
    /// A whole number.
    case int(Int)
    /// A number, finite.
    case float(Double)
    /// Text.
    case string(String)
    /// A list.
    case list([ResponseValue])
    /// An object.
    case object(ResponseObject)
    /// JSON that stands in the answer as it is, for scalars that may be anything: nothing is converted, no digit is lost.
    case json(JSONValue)
}

extension ResponseValue {
    func write(to json: inout JSONWriter) {
        switch self {
        case .null: json.null()
        case .boolean(let value): json.bool(value)
        case .int(let value): json.integer(value)
        case .float(let value): json.double(value)
        case .string(let value): json.string(value)
        case .list(let values):
            json.beginArray()
            for value in values { value.write(to: &json) }
            json.endArray()
        case .object(let object):
            json.beginObject()
            for (name, value) in zip(object.names, object.values) {
                json.key(name)
                value.write(to: &json)
            }
            json.endObject()
        case .json(let value): json.value(value)
        }
    }
}
