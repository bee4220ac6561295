// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials
public import HTTPTypes
public import Hummingbird

/// An error as the client sees it: problem details (RFC 9457), `application/problem+json`.
///
/// Throw it from a handler; ``ProblemMiddleware`` makes the answer. It holds nothing that the client did not send or may
/// not know, and its description holds none of that either.
public struct ProblemDetails: HTTPResponseError, Equatable {
    /// The kind of problem.
    public let type: ProblemType
    /// What happened this time; `nil` when the title says it all. Never a driver's text.
    public var detail: String?
    /// The invalid fields.
    public var errors: [FieldError]
    /// More members, behind the standard ones.
    public var extensions: JSONObject
    /// Headers of the answer, such as `Retry-After` or `Allow`.
    public var headers: HTTPFields

    /// The status of the answer.
    public var status: HTTPResponse.Status { type.status }

    /// Describes a problem.
    public init(
        _ type: ProblemType, detail: String? = nil, errors: [FieldError] = [], extensions: JSONObject = JSONObject(),
        headers: HTTPFields = [:]
    ) {
        self.type = type
        self.detail = detail
        self.errors = errors
        self.extensions = extensions
        self.headers = headers
    }

    /// 503 `unavailable` with `Retry-After`.
    ///
    /// - Parameter retryAfter: see ``init(_:retryAfter:detail:)``.
    public static func unavailable(retryAfter: Duration, detail: String? = nil) -> ProblemDetails {
        ProblemDetails(.unavailable, retryAfter: retryAfter, detail: detail)
    }

    /// A problem that is over after a while, with `Retry-After`.
    ///
    /// - Parameter retryAfter: rounded up to whole seconds, at least one.
    public init(_ type: ProblemType, retryAfter: Duration, detail: String? = nil) {
        let (seconds, attoseconds) = retryAfter.components
        let rounded = max(1, seconds + (attoseconds > 0 ? 1 : 0))
        self.init(type, detail: detail, headers: [.retryAfter: "\(rounded)"])
    }

    /// 412 `version-mismatch`.
    ///
    /// - Parameter version: the current version; `nil` for what has none.
    public init(versionMismatch version: Int64?) {
        self.init(.versionMismatch, detail: version.map { "the current version is \($0)" })
        if let version { extensions.append("version", .number(JSONNumber(Int(version)))) }
    }

    /// 400 `malformed-json` with the place of the error.
    public init(_ error: JSONSyntaxError) {
        var place = JSONObject()
        place.append("offset", .number(JSONNumber(error.offset)))
        place.append("line", .number(JSONNumber(error.line)))
        place.append("column", .number(JSONNumber(error.column)))
        self.init(.malformedJSON, detail: error.description, extensions: place)
    }

    /// The answer's body.
    public func json() -> [UInt8] {
        var json = JSONWriter()
        write(to: &json)
        return json.bytes
    }

    /// Writes the problem as a JSON object, for an answer that reports several.
    public func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("type", type.uri)
        json.member("title", type.title)
        json.member("status", status.code)
        if let detail { json.member("detail", detail) }
        if !errors.isEmpty {
            json.key("errors")
            json.beginArray()
            for error in errors {
                json.beginObject()
                json.member("pointer", error.pointer)
                json.member("detail", error.detail)
                json.endObject()
            }
            json.endArray()
        }
        for member in extensions.members {
            json.key(member.name)
            json.value(member.value)
        }
        json.endObject()
    }

    /// The header fields of its answer, but for those that any answer has.
    var fields: HTTPFields {
        var fields = headers
        fields[.contentType] = "application/problem+json"
        fields[.cacheControl] = "no-store"
        return fields
    }

    /// The same, with the identifier of the request that it answers.
    func answering(_ requestID: String) -> ProblemDetails {
        var problem = self
        problem.extensions.append("requestId", .string(requestID))
        return problem
    }

    /// The answer. One to `HEAD` has the headers only.
    public func response(from request: Request, context: some RequestContext) -> Response {
        let response = Response(status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: json())))
        return request.method == .head ? response.createHeadResponse() : response
    }
}

extension ProblemDetails: CustomStringConvertible {
    /// The kind of problem alone.
    public var description: String { "\(type.uri) (\(status.code))" }
}
