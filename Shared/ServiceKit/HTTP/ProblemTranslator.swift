// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import HTTPTypes
internal import Hummingbird
public import Logging
internal import NIOCore

/// What errors are to an HTTP client: the one place where an error gets its status.
public struct ProblemTranslator: Sendable {
    private let describe: @Sendable (any Error) -> ProblemDetails?

    /// - Parameter describe: what a service's own errors become; `nil` leaves an error to the rules here.
    public init(describe: @escaping @Sendable (any Error) -> ProblemDetails? = { _ in nil }) {
        self.describe = describe
    }

    /// What an error becomes. An adapter's text never gets into it.
    public func problem(for error: any Error) -> ProblemDetails {
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
            return problem(for: error.category)
        case let error as HTTPError:
            return ProblemDetails(.status(error.status), headers: error.headers)
        case let error as any HTTPResponseError:
            return ProblemDetails(.status(error.status))
        default:
            return ProblemDetails(.internalError)
        }
    }

    /// Logs an error that is not the client's.
    public func log(_ error: any Error, to logger: Logger) {
        guard problem(for: error).status.kind == .serverError else { return }
        switch error {
        case let error as any CategorizedError where [.transient, .cancelled].contains(error.category):
            break
        case let error as any CategorizedError where error.category == .unavailable:
            logger.warning("something needed is unavailable", metadata: ["error": "\(error)"])
        case let error as any CategorizedError:
            logger.error("a request failed", metadata: ["error": "\(error)"])
        case is ProblemDetails, is CancellationError, is any HTTPResponseError:
            break
        default:
            // The text of an unknown error may hold anything; its type cannot hold personal data.
            logger.error("a request failed with an unexpected error", metadata: ["error.type": "\(type(of: error))"])
        }
    }

    private func problem(for category: FailureCategory) -> ProblemDetails {
        switch category {
        case .unavailable: .unavailable(retryAfter: .seconds(2))
        case .transient, .cancelled: .unavailable(retryAfter: .seconds(1))
        case .rejected, .malformed, .internal: ProblemDetails(.internalError)
        }
    }
}
