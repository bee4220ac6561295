// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The state of a publisher's or consumer's connection, for readiness checks.
public enum AMQPStatus: Sendable, Hashable {
    /// Connected and able to work.
    case connected
    /// Not connected; trying, or about to. The error is why the last attempt or connection ended, `nil` before the
    /// first.
    case connecting(lastError: AMQPError?)
    /// Connected, but the broker takes no messages for now. The reason is the broker's, such as `low on memory`.
    case blocked(reason: String)
    /// Shut down.
    case closed
}
