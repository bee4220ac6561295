// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOHTTP1

/// Turns every error into a problem answer.
struct ProblemMiddleware: RouterMiddleware {
    /// The context of the routes.
    typealias Context = ServiceRequestContext

    private let routes: RouteTable
    private let problems: ProblemTranslator

    /// - Parameters:
    ///   - routes: which methods a path has.
    ///   - problems: what errors become.
    init(routes: RouteTable, problems: ProblemTranslator) {
        self.routes = routes
        self.problems = problems
    }

    /// Answers, with a problem if the next one throws.
    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            // The router passes empty segments over: `/users/`, somebody without an address, would be all users. The root alone
            // ends with a slash.
            let path = request.head.path ?? ""
            guard path == "/" || !path.prefix(while: { $0 != "?" }).hasSuffix("/") else {
                throw ProblemDetails(.notFound)
            }
            return try await next(request, context)
        } catch let error as HTTPParserError {
            // The connection cannot go on: `ConnectionGuard` makes the answer to these, and closes.
            throw error
        } catch {
            if let methods = options(error, request, context) {
                return Response(status: .noContent, headers: [.allow: methods.joined(separator: ", ")])
            }
            problems.log(error, to: context.logger)
            let problem = unmatched(error, request, context) ?? problems.problem(for: error)
            return problem.answering(context.requestID).response(from: request, context: context)
        }
    }

    /// The methods that `OPTIONS` is answered with (RFC 9110 §9.3.7); `nil` for anything but a good `OPTIONS`.
    private func options(_ error: any Error, _ request: Request, _ context: Context) -> [String]? {
        guard request.method == .options, isUnmatched(error, context) else { return nil }
        let methods = request.head.path == "*" ? routes.methods : routes.methods(of: request.uri.path)
        return methods.isEmpty ? nil : methods
    }

    private func isUnmatched(_ error: any Error, _ context: Context) -> Bool {
        context.isUnmatched && (error as? HTTPError)?.status == .notFound
    }

    /// Those of RFC 9110 §9.1, `PATCH` (RFC 5789), and `QUERY`, which clients try, too.
    private static let methods: Set<String> = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY",
    ]

    /// What it is that no route was found.
    private func unmatched(_ error: any Error, _ request: Request, _ context: Context) -> ProblemDetails? {
        guard isUnmatched(error, context) else { return nil }
        // RFC 9110 §9.1 tells methods that nobody here knows from those that are wrong for one path.
        guard Self.methods.contains(request.method.rawValue) else { return ProblemDetails(.notImplemented) }
        let methods = routes.methods(of: request.uri.path)
        guard !methods.isEmpty else { return ProblemDetails(.notFound) }
        return ProblemDetails(.methodNotAllowed, headers: [.allow: methods.joined(separator: ", ")])
    }
}
