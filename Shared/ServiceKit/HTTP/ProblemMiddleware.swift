// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// Turns every error into a problem answer: the one place where an error gets its status.
struct ProblemMiddleware: RouterMiddleware {
    /// The context of the routes.
    typealias Context = ServiceRequestContext

    private let routes: RouteTable
    private let describe: @Sendable (any Error) -> ProblemDetails?

    /// - Parameters:
    ///   - routes: which methods a path has.
    ///   - describe: what a service's own errors become; `nil` leaves an error to the rules here.
    init(routes: RouteTable, describe: @escaping @Sendable (any Error) -> ProblemDetails?) {
        self.routes = routes
        self.describe = describe
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
            var problem = problem(for: error, request: request, context: context)
            problem.extensions.append("requestId", .string(context.requestID))
            return problem.response(from: request, context: context)
        }
    }

    private func problem(for error: any Error, request: Request, context: Context) -> ProblemDetails {
        if let problem = error as? ProblemDetails { return problem }
        if let problem = describe(error) { return problem }
        switch error {
        case is NIOTooManyBytesError:
            return ProblemDetails(.contentTooLarge)
        case is CancellationError:
            return .unavailable(retryAfter: .seconds(1))
        case let error as JSONSyntaxError:
            return ProblemDetails(error)
        case let error as any CategorizedError:
            return describeCategory(of: error, context: context)
        case let error as HTTPError where error.status == .notFound && context.isUnmatched:
            let methods = routes.methods(of: request.uri.path)
            guard !methods.isEmpty else { return ProblemDetails(.notFound) }
            return ProblemDetails(.methodNotAllowed, headers: [.allow: methods.joined(separator: ", ")])
        case let error as HTTPError:
            return ProblemDetails(.status(error.status), headers: error.headers)
        case let error as any HTTPResponseError:
            return ProblemDetails(.status(error.status))
        default:
            // The text of an unknown error may hold anything; its type cannot hold personal data.
            context.logger.error(
                "a request failed with an unexpected error", metadata: ["error.type": "\(type(of: error))"])
            return ProblemDetails(.internalError)
        }
    }

    /// What an adapter's error is to an HTTP client; its text stays here.
    private func describeCategory(of error: any CategorizedError, context: Context) -> ProblemDetails {
        switch error.category {
        case .unavailable:
            context.logger.warning("something needed is unavailable", metadata: ["error": "\(error)"])
            return .unavailable(retryAfter: .seconds(2))
        case .transient:
            return .unavailable(retryAfter: .seconds(1))
        case .rejected, .malformed, .internal:
            context.logger.error("a request failed", metadata: ["error": "\(error)"])
            return ProblemDetails(.internalError)
        }
    }
}
