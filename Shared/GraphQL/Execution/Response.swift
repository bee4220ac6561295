// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// The answer to a request that was executed (section 7).
public struct Response: Sendable {
    /// The fields that were asked for; `nil` when one that must not be null has none, and so on up to the root.
    public let data: ResponseValue?
    /// An error for each field that could not be resolved.
    public let errors: [GraphQLError]

    /// Writes the answer, errors first, so that they are seen (section 7.1).
    public func write(to json: inout JSONWriter) {
        json.beginObject()
        if !errors.isEmpty { errors.write(to: &json) }
        json.key("data")
        if let data { data.write(to: &json) } else { json.null() }
        json.endObject()
    }
}

extension GraphQLErrors {
    /// Writes the answer to a request that was not executed.
    public func write(to json: inout JSONWriter) {
        json.beginObject()
        errors.write(to: &json)
        json.endObject()
    }
}

extension [GraphQLError] {
    fileprivate func write(to json: inout JSONWriter) {
        json.key("errors")
        json.beginArray()
        for error in self { error.write(to: &json) }
        json.endArray()
    }
}

extension GraphQLError {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("message", message)
        if !locations.isEmpty {
            json.key("locations")
            json.beginArray()
            for location in locations {
                json.beginObject()
                json.member("line", location.line)
                json.member("column", location.column)
                json.endObject()
            }
            json.endArray()
        }
        if !reversedPath.isEmpty {
            json.key("path")
            json.beginArray()
            for element in path {
                switch element {
                case .name(let name): json.string(name)
                case .index(let index): json.integer(index)
                }
            }
            json.endArray()
        }
        json.endObject()
    }
}
