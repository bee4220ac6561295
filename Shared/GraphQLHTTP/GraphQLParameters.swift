// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Hummingbird
internal import ServiceKit

/// What a well-formed GraphQL-over-HTTP request says ("Request Parameters"). What it does not know it ignores, as that
/// specification demands.
struct GraphQLParameters {
    /// The document's text.
    let query: String
    /// Which of its operations; `nil` if there is one only.
    let operationName: String?
    let variables: JSONObject

    /// Reads the body of a `POST`. `null` is as good as nothing.
    ///
    /// - Throws: 400 `malformed-json`; 422 `invalid-fields` for a parameter that is missing or of another type.
    init(json bytes: [UInt8]) throws(ProblemDetails) {
        var fields = try JSONFields(parsing: bytes)
        func present(_ name: String) -> JSONValue? { fields.value(name).flatMap { $0 == .null ? nil : $0 } }

        var errors = FieldErrors()
        func object(_ name: String) -> JSONObject? {
            guard let value = present(name) else { return nil }
            if case .object(let object) = value { return object }
            errors.add("/\(name)", "must be an object, not \(value.kind)")
            return nil
        }
        func string(_ name: String) -> String? {
            guard let value = present(name) else { return nil }
            if case .string(let text) = value { return text }
            errors.add("/\(name)", "must be a string, not \(value.kind)")
            return nil
        }
        if present("query") == nil { errors.add("/query", "is required") }
        query = string("query") ?? ""
        operationName = string("operationName")
        variables = object("variables") ?? JSONObject()
        // Reserved for agreements that nobody has made with us.
        _ = object("extensions")
        try errors.check()
    }

    /// Reads the query of a `GET`'s URL. An empty text is as good as nothing.
    ///
    /// - Throws: 422 `invalid-fields` for a parameter that is missing, is there twice, or is of another type.
    init(_ request: Request) throws(ProblemDetails) {
        var parameters = QueryParameters(request)
        var errors = FieldErrors()
        func string(_ name: String) -> String? {
            let text = parameters.string(name)
            // It was there, and is not to be read.
            if text == nil, parameters.contains(name) { errors.add("/\(name)", "must be there once, in UTF-8") }
            return text?.isEmpty == true ? nil : text
        }
        func object(_ name: String) -> JSONObject? {
            guard let text = string(name) else { return nil }
            let value = try? JSON.parse(Array(text.utf8))
            if value == .null { return nil }
            if case .object(let object)? = value { return object }
            errors.add("/\(name)", "must be an object in JSON")
            return nil
        }
        let query = string("query")
        if query == nil, errors.isEmpty { errors.add("/query", "is required") }
        self.query = query ?? ""
        operationName = string("operationName")
        variables = object("variables") ?? JSONObject()
        _ = object("extensions")
        try errors.check()
    }
}
