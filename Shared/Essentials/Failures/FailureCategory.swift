// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a failure means for the one who met it. Everything else follows from the category alone: whether to retry,
/// to dead-letter, which HTTP status to answer, at which level to log.
///
/// Adapters translate their client's errors into a category once; nothing above them looks at a driver's codes.
public enum FailureCategory: String, Sendable, CaseIterable {
    /// The caller asked for something that is not allowed. Repeating it changes nothing.
    case rejected
    /// A passing conflict, such as a lost race. An immediate repeat may succeed.
    case transient
    /// A broker or database cannot be reached or does not answer. Wait, then repeat the same.
    case unavailable
    /// The caller itself gave up. That says nothing of what it was waiting for.
    case cancelled
    /// The data itself cannot be understood. No repeat helps until somebody mends it.
    case malformed
    /// A mistake in this program.
    case `internal`

    /// Whether the same may succeed later without anybody having changed it.
    public var isPassing: Bool {
        switch self {
        case .transient, .unavailable, .cancelled: true
        case .rejected, .malformed, .internal: false
        }
    }
}

/// An error that knows what it means for its caller.
public protocol CategorizedError: Error {
    /// The category, from which the handling follows.
    var category: FailureCategory { get }
}

extension FailureCategory {
    /// The category of any error: its own where it knows one, ``cancelled`` for a `CancellationError`, else ``internal``.
    public init(of error: any Error) {
        self = (error as? any CategorizedError)?.category ?? (error is CancellationError ? .cancelled : .internal)
    }
}
