// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Why an operation of this module failed.
///
/// Decide by ``code``; show ``description``. The broker's or the library's own words are in ``debugDescription`` only,
/// since they may repeat names and values that the caller sent.
public struct AMQPError: Error, Sendable, Hashable {
    /// What happened, in terms that a caller can act on.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// No connection could be made: the host is unknown, nothing listens there, or TLS failed.
        case connectionFailed
        /// The broker refused the user or the password.
        case authenticationRefused
        /// The user may not do this: a permission is missing, or the virtual host does not exist or is closed to this
        /// user.
        case accessRefused
        /// The exchange or queue does not exist.
        case notFound
        /// The broker refused the request as it stands, for instance a second declaration with other arguments.
        case preconditionFailed
        /// The queue is exclusive to another connection.
        case resourceLocked
        /// The connection ended before the answer. What was sent may have been carried out.
        case connectionLost
        /// The broker takes no messages because it is short of memory or disk.
        case blocked
        /// No answer within the time set in the configuration. What was sent may have been carried out.
        case timedOut
        /// No queue is bound for this mandatory message; the broker has dropped it.
        case unroutable
        /// The broker did not take the message (`basic.nack`), for instance because a queue is full. It may be tried
        /// again.
        case nacked
        /// The calling task was cancelled. What was sent may have been carried out.
        case cancelled
        /// The publisher, consumer or connection has been shut down, or was never run.
        case closed
        /// An argument breaks a limit of the protocol or of this module. Nothing was sent.
        case invalidArgument
        /// The broker and this client do not understand each other.
        case protocolViolation
    }

    /// What happened.
    public let code: Code
    /// The broker's reply code (AMQP 0-9-1 §1.2), such as 404 or 312, when it sent one.
    public let replyCode: Int?
    /// The broker's or the library's words. For ``debugDescription`` only.
    let text: String
    /// Words of our own, fit for ``description``.
    let hint: Hint?

    init(_ code: Code, replyCode: Int? = nil, hint: Hint? = nil, _ text: String) {
        self.code = code
        self.replyCode = replyCode
        self.text = text
        self.hint = hint
    }
}

extension AMQPError: CustomStringConvertible, CustomDebugStringConvertible {
    /// The code and the broker's number, and where that helps what to look at, without any text from outside.
    public var description: String {
        let number = replyCode.map { " (\($0))" } ?? ""
        return "AMQP \(code.rawValue)\(number)\(hint.map { ": \($0.rawValue)" } ?? "")"
    }

    /// The description with the broker's or the library's words. Do not log it where personal data must not go.
    public var debugDescription: String { "\(description): \(text)" }
}
