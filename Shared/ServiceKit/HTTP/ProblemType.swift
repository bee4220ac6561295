// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
public import HTTPTypes

/// A kind of problem: a stable URI with the status and title that belong to it (RFC 9457 §3.1).
///
/// The URIs are relative references; they identify, and `docs/` explains them. Clients compare them, so they never change.
public struct ProblemType: Sendable, Equatable {
    /// The `type` member, such as `/problems/invalid-fields`.
    public let uri: String
    /// The `title` member: the same for every occurrence.
    public let title: String
    /// The status code that goes with it.
    public let status: HTTPResponse.Status

    /// Declares a kind of problem.
    public init(_ uri: String, status: HTTPResponse.Status, title: String) {
        self.uri = uri
        self.title = title
        self.status = status
    }

    /// A problem that says no more than its status code (RFC 9457 §4.2.1).
    public static func status(_ status: HTTPResponse.Status) -> ProblemType {
        known[status.code] ?? ProblemType("about:blank", status: status, title: status.reasonPhrase)
    }

    /// 400: the bytes are not HTTP, or not a request that can be understood.
    public static let malformedRequest = ProblemType(
        "/problems/malformed-request", status: .badRequest, title: "The request is malformed")
    /// 400: the body is not JSON.
    public static let malformedJSON = ProblemType(
        "/problems/malformed-json", status: .badRequest, title: "The body is not well-formed JSON")
    /// 400: parameters of the URL's query are invalid; `errors` names them all.
    public static let invalidParameters = ProblemType(
        "/problems/invalid-parameters", status: .badRequest, title: "Some query parameters are invalid")
    /// 404: nothing is served under this path, or it does not exist.
    public static let notFound = ProblemType(
        "/problems/not-found", status: .notFound, title: "The resource does not exist")
    /// 405: the path exists, but not for this method; `Allow` says for which.
    public static let methodNotAllowed = ProblemType(
        "/problems/method-not-allowed", status: .methodNotAllowed, title: "The method is not allowed here")
    /// 406: the client wants none of the media types that there are (RFC 9110 §15.5.7).
    public static let notAcceptable = ProblemType(
        "/problems/not-acceptable", status: .notAcceptable, title: "There is no answer of a media type that is wanted")
    /// 408: the request did not arrive in time.
    public static let requestTimeout = ProblemType(
        "/problems/request-timeout", status: .requestTimeout, title: "The request took too long to arrive")
    /// 412: `If-Match` names none but other versions, or `If-None-Match` this one; `version` is the current one.
    public static let versionMismatch = ProblemType(
        "/problems/version-mismatch", status: .preconditionFailed, title: "It is at another version")
    /// 413: the body is larger than allowed.
    public static let contentTooLarge = ProblemType(
        "/problems/content-too-large", status: .contentTooLarge, title: "The body is too large")
    /// 415: the body's media type is not supported.
    public static let unsupportedMediaType = ProblemType(
        "/problems/unsupported-media-type", status: .unsupportedMediaType, title: "The media type is not supported")
    /// 422: the body is well-formed, but fields are invalid; `errors` names them all.
    public static let invalidFields = ProblemType(
        "/problems/invalid-fields", status: .unprocessableContent, title: "Some fields are invalid")
    /// 429: the client has made more requests than it may; `Retry-After` says when the next one may come (RFC 6585 §4).
    public static let tooManyRequests = ProblemType(
        "/problems/too-many-requests", status: .tooManyRequests, title: "Too many requests came from this client")
    /// 431: the header section is too large or has too many fields.
    public static let headersTooLarge = ProblemType(
        "/problems/headers-too-large", status: .requestHeaderFieldsTooLarge, title: "The header section is too large")
    /// 500: an error on our side that the client cannot mend.
    public static let internalError = ProblemType(
        "/problems/internal-error", status: .internalServerError, title: "Something went wrong on our side")
    /// 501: no resource here has this method, or the body has a transfer coding that is unknown.
    public static let notImplemented = ProblemType(
        "/problems/not-implemented", status: .notImplemented, title: "The server does not know how to do this")
    /// 503: something we depend on cannot be reached at the moment.
    public static let unavailable = ProblemType(
        "/problems/unavailable", status: .serviceUnavailable, title: "The service is not available at the moment")

    private static let known: [Int: ProblemType] = Dictionary(
        uniqueKeysWithValues: [
            malformedRequest, notFound, methodNotAllowed, requestTimeout, contentTooLarge, unsupportedMediaType,
            tooManyRequests, headersTooLarge, internalError, notImplemented, unavailable,
        ].map { ($0.status.code, $0) })
}
