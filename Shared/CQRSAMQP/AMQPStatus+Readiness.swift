// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP
internal import CQRS
public import Essentials

extension AMQPStatus {
    /// What a connection's state means for its service.
    public var readiness: Readiness {
        switch self {
        case .connected: .ready
        case .connecting(lastError: nil): .notReady("connecting")
        case .connecting(lastError: let error?): .notReady("connecting; last: \(error)")
        case .blocked: .notReady("the broker takes no messages: it is short of memory or disk")
        case .unconfirmed: .notReady("the broker does not confirm what is published")
        case .closed: .notReady("closed")
        }
    }
}
