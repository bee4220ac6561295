// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import NIOCore

/// How a connection comes to take no more requests: the states in their order, and none goes back. A value that decides;
/// ``ConnectionGuard`` acts.
enum RequestIntake {
    /// Requests are taken.
    case open
    /// The request that came last is the last one; what is missing of it is still taken.
    case last
    /// Something came behind the last one: nothing is taken (RFC 9112 §9.6).
    case ignoring
    /// The connection cannot go on. Nothing is taken, and once the answers before it are given, this one is the last.
    case failed(ProblemDetails)
    /// The last answer is given. What still comes is read and dropped until the timer ends, or the client leaves.
    case lingering(Scheduled<Void>)

    /// Whether parts of requests are passed on, not dropped.
    var passesOn: Bool {
        switch self {
        case .open, .last: true
        case .ignoring, .failed, .lingering: false
        }
    }

    /// Whether the last request has begun, and nothing is wrong with the connection.
    var isLast: Bool {
        switch self {
        case .last, .ignoring: true
        case .open, .failed, .lingering: false
        }
    }

    /// Whether nothing that comes from the client matters any more.
    var isOver: Bool {
        switch self {
        case .failed, .lingering: true
        case .open, .last, .ignoring: false
        }
    }

    /// What is wrong with the connection.
    var failure: ProblemDetails? { if case .failed(let problem) = self { problem } else { nil } }

    /// Whether the request is taken that begins now.
    mutating func admit() -> Bool {
        switch self {
        case .open: return true
        case .last: self = .ignoring
        case .ignoring, .failed, .lingering: break
        }
        return false
    }

    /// Takes no request behind those that have begun.
    mutating func end() { if case .open = self { self = .last } }

    /// Takes nothing more, because of this.
    ///
    /// - Returns: `false` when the connection had come to its end before.
    mutating func fail(_ problem: ProblemDetails) -> Bool {
        guard !isOver else { return false }
        self = .failed(problem)
        return true
    }
}
