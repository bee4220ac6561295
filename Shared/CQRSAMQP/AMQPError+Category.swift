// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP
internal import CQRS
public import Essentials

extension AMQPError: CategorizedError {
    /// What a client error means for the one who met it.
    public var category: FailureCategory {
        switch code {
        case .connectionFailed, .connectionLost, .blocked, .timedOut, .nacked, .closed: .unavailable
        // The broker is there but not set up for us. An operator mends that while we wait.
        case .authenticationRefused, .accessRefused, .notFound, .preconditionFailed, .resourceLocked, .unroutable:
            .unavailable
        case .cancelled: .cancelled
        case .invalidArgument, .protocolViolation: .internal
        }
    }
}

extension AMQPConfigurationError: InvalidSetting {}
