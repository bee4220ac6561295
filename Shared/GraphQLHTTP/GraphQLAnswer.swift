// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import GraphQL
internal import HTTPTypes
internal import Hummingbird
internal import ServiceKit

/// An answer with the status that says what it is ("Status Codes").
struct GraphQLAnswer {
    let status: HTTPResponse.Status
    private let body: [UInt8]
    private var headers: HTTPFields = [:]

    /// What came of an operation: 200, or 294 if there are errors, whether or not there are data.
    init(_ response: GraphQL.Response) {
        status = response.errors.isEmpty ? .ok : .partialSuccess
        var json = JSONWriter()
        response.write(to: &json)
        body = json.bytes
    }

    /// Why there is no answer: 400 for what is no document, else 422.
    init(_ errors: GraphQLErrors) {
        let isSyntax = errors.errors.contains { if case .syntax = $0.kind { true } else { false } }
        self.init(errors, isSyntax ? .badRequest : .unprocessableContent)
    }

    private init(_ errors: GraphQLErrors, _ status: HTTPResponse.Status) {
        self.status = status
        var json = JSONWriter()
        errors.write(to: &json)
        body = json.bytes
    }

    /// 405: `GET` changes nothing.
    static func notByGet(_ errors: GraphQLErrors) -> GraphQLAnswer {
        var answer = GraphQLAnswer(errors, .methodNotAllowed)
        answer.headers[.allow] = "POST"
        return answer
    }

    /// The answer as it is sent.
    ///
    /// To a client of `application/json`, which may know no 294, data with errors are 200: the code is recommended "only alongside
    /// the `application/graphql-response+json` media type which makes the meaning explicit" ("Partial success").
    func response(as type: GraphQLMediaType) -> Hummingbird.Response {
        let isLegacy = type == .json && status.kind == .successful
        var headers = headers
        headers[.contentType] = (isLegacy ? GraphQLMediaType.json : .response).contentType
        return Hummingbird.Response(
            status: isLegacy ? .ok : status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}

extension HTTPResponse.Status {
    /// 294: data with errors. A code of GraphQL's own ("Partial success").
    static let partialSuccess = HTTPResponse.Status(code: 294, reasonPhrase: "Partial Success")
}
