// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import HTTPTypes
internal import Hummingbird
internal import ServiceKit

/// Lets only the console's own page in, and programs that are no browsers.
///
/// A browser says where a request comes from: `Sec-Fetch-Site` (W3C Fetch Metadata), and with every `POST` the origin
/// (RFC 6454 §7). What changes something, and what no browser vouches for, also needs `X-Requested-With`, which the form or
/// picture of another page cannot send, and its script may not without having been allowed to: a look at dead letters takes
/// them from their queue for a moment.
struct SameOriginMiddleware: RouterMiddleware {
    typealias Context = ServiceRequestContext

    /// Whether this is for the stream of events, with which a page can send no field (HTML, "The EventSource interface").
    var isStream = false

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard Self.isAllowed(request, isStream: isStream) else { throw ProblemDetails(.otherOrigin) }
        return try await next(request, context)
    }

    static func isAllowed(_ request: Request, isStream: Bool = false) -> Bool {
        let site = request.headers[.secFetchSite]
        if let site {
            // `none`: typed into the address bar. No page can write this field, and it knows what a proxy has changed.
            guard site == "same-origin" || site == "none" else { return false }
        } else if let origin = request.headers[.origin] {
            // Browsers leave the other field out over plain HTTP, but for the machine's own addresses.
            guard isOwn(origin, request) else { return false }
        }
        let isLook = request.method == .get || request.method == .head
        return isLook && (site != nil || isStream) || request.headers[.requestedWith] != nil
    }

    /// Whether an origin is of the host that the request was sent to. Which scheme a proxy has is not known here.
    private static func isOwn(_ origin: String, _ request: Request) -> Bool {
        guard let host = request.head.authority, let separator = origin.firstRange(of: "://") else { return false }
        return origin[separator.upperBound...].lowercased() == host.lowercased()
    }
}

extension ProblemType {
    /// 403: the request comes from a page of another origin, or does not say that it is meant.
    static let otherOrigin = ProblemType(
        "/problems/other-origin", status: .forbidden, title: "Only the console's own page may do this")
}
