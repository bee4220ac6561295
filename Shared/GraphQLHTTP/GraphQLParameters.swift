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

    /// Reads the body of a `POST`.
    ///
    /// - Throws: 400 `malformed-json`; 422 `invalid-fields` for a parameter that is missing or of another type.
    init(json bytes: [UInt8]) throws(ProblemDetails) {
        var fields = try JSONFields(parsing: bytes)
        try self.init { fields.value($0) }
    }

    /// Reads the query of a `GET`'s URL. An empty text is as good as nothing.
    ///
    /// - Throws: 422 `invalid-fields` for a parameter that is missing or of another type.
    init(_ request: Request) throws(ProblemDetails) {
        var parameters = QueryParameters(request)
        try self.init { name in
            // What is there, and not as one text that can be read, is there twice, as a rule.
            guard let text = parameters.string(name) else { return parameters.contains(name) ? .array([]) : nil }
            guard !text.isEmpty else { return nil }
            let isText = name == "query" || name == "operationName"
            return isText ? .string(text) : (try? JSON.parse(Array(text.utf8))) ?? .string(text)
        }
    }

    /// - Parameter value: what a parameter is; `null` is as good as nothing.
    private init(_ value: (String) -> JSONValue?) throws(ProblemDetails) {
        var errors = FieldErrors()
        func object(_ name: String) -> JSONObject? {
            guard let value = value(name), value != .null else { return nil }
            if case .object(let object) = value { return object }
            errors.add("/\(name)", "must be an object, not \(value.kind)")
            return nil
        }
        func string(_ name: String, isRequired: Bool = false) -> String? {
            guard let value = value(name), value != .null else {
                if isRequired { errors.add("/\(name)", "is required") }
                return nil
            }
            if case .string(let text) = value { return text }
            errors.add("/\(name)", "must be a string, not \(value.kind)")
            return nil
        }
        query = string("query", isRequired: true) ?? ""
        operationName = string("operationName")
        variables = object("variables") ?? JSONObject()
        // Reserved for agreements that nobody has made with us.
        _ = object("extensions")
        try errors.check()
    }
}
