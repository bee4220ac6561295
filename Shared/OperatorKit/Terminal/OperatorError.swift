// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import ServiceKit

/// Why a command failed, in one line for who ran it, and with which status of ``OperatorExit`` it ends.
struct OperatorError: ExitStatusError, CustomStringConvertible {
    let description: String
    let exitStatus: Int32

    init(_ description: String, _ exitStatus: Int32) {
        self.description = description
        self.exitStatus = exitStatus
    }

    /// What an error of the broker or the way to it means for who runs the command.
    ///
    /// - Parameters:
    ///   - error: the error.
    ///   - broker: where the broker is.
    ///   - missing: what to say when the broker does not know what was asked for.
    init(_ error: AMQPError, broker: AMQPConfiguration, missing: String) {
        switch error.code {
        case .connectionFailed:
            self.init(
                "no broker answers at \(broker): is it running, and is AMQP_URL right?", OperatorExit.unavailable)
        case .authenticationRefused:
            self.init(
                "the broker at \(broker) refuses the user or the password of AMQP_URL", OperatorExit.notPermitted)
        case .accessRefused:
            self.init(
                "the broker refuses this user: a permission is missing, or there is no such virtual host",
                OperatorExit.notPermitted)
        case .notFound:
            self.init(missing, OperatorExit.unavailable)
        case .connectionLost, .timedOut, .blocked, .closed, .cancelled:
            self.init("the broker at \(broker) does not answer any more: \(error)", OperatorExit.unavailable)
        case .preconditionFailed, .resourceLocked, .unroutable, .nacked, .invalidArgument, .protocolViolation:
            self.init("the broker at \(broker): \(error)", OperatorExit.failed)
        }
    }
}
