// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import HTTPTypes
internal import Hummingbird

/// Evaluates the conditions of `GET` and `HEAD` on what would be answered, in the order of RFC 9110 §13.2.2.
///
/// Nothing here has a modification date, so `If-Modified-Since` and `If-Unmodified-Since` must be ignored (§13.1.3, §13.1.4); and
/// ranges are not served, so `If-Range` has nothing to decide (§13.1.5). The conditions of commands are the command
/// handler's: only there the version stands still.
struct ConditionMiddleware: RouterMiddleware {
    /// The context of the routes.
    typealias Context = ServiceRequestContext

    /// Answers with 412 or 304 instead of an answer that a condition does not want.
    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        // Conditions are ignored where the answer would be none of success (§13.2.1). An answer without an end is no
        // representation of anything that could be the same a second time.
        guard request.method == .get || request.method == .head, response.status == .ok,
            response.body.contentLength != nil
        else { return response }
        let version = response.headers[.eTag].flatMap { EntityTag($0)?.version }
        if let expected = try request.expectedVersions(), version.map({ !expected.contains($0) }) ?? true {
            throw ProblemDetails(versionMismatch: version)
        }
        let known = request.excludedVersions
        guard known == .any || version.map(known.contains) ?? false else { return response }
        var headers = response.headers
        for name in [HTTPField.Name.contentType, .contentLength, .contentEncoding] { headers[name] = nil }
        return Response(status: .notModified, headers: headers)
    }
}
