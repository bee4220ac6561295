// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
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
            return try await next(request, context)
        } catch let error as HTTPParserError {
            // The connection cannot go on: `ConnectionGuard` makes the answer to these, and closes.
            throw error
        } catch {
            problems.log(error, to: context.logger)
            let problem = unmatched(error, request, context) ?? problems.problem(for: error)
            return problem.answering(context.requestID).response(from: request, context: context)
        }
    }

    /// What it is that no route was found.
    private func unmatched(_ error: any Error, _ request: Request, _ context: Context) -> ProblemDetails? {
        guard context.isUnmatched, let error = error as? HTTPError, error.status == .notFound else { return nil }
        let methods = routes.methods(of: request.uri.path)
        guard !methods.isEmpty else { return ProblemDetails(.notFound) }
        return ProblemDetails(.methodNotAllowed, headers: [.allow: methods.joined(separator: ", ")])
    }
}
