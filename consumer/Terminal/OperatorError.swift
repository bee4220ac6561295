// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP

/// Why a command failed, in one line for who ran it.
struct OperatorError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// What an error of the broker or the way to it means for who runs the command.
    ///
    /// - Parameters:
    ///   - error: the error.
    ///   - broker: where the broker is.
    ///   - missing: what to say when the broker does not know what was asked for.
    init(_ error: AMQPError, broker: AMQPConfiguration, missing: String) {
        switch error.code {
        case .connectionFailed:
            self.init("no broker answers at \(broker): is it running, and is AMQP_URL right?")
        case .authenticationRefused:
            self.init("the broker at \(broker) refuses the user or the password of AMQP_URL")
        case .accessRefused:
            self.init("the broker refuses this user: a permission is missing, or there is no such virtual host")
        case .notFound:
            self.init(missing)
        case .connectionLost, .timedOut, .blocked, .closed, .cancelled:
            self.init("the broker at \(broker) does not answer any more: \(error)")
        case .preconditionFailed, .resourceLocked, .unroutable, .nacked, .invalidArgument, .protocolViolation:
            self.init("the broker at \(broker): \(error)")
        }
    }
}
