// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The state of a publisher's or consumer's connection, for readiness checks.
public enum AMQPStatus: Sendable, Hashable {
    /// Connected and able to work.
    case connected
    /// Not connected; trying, or about to. The error is why the last attempt or connection ended, `nil` before the
    /// first.
    case connecting(lastError: AMQPError?)
    /// Connected, but the broker takes no messages for now. The reason is the broker's, such as `low on memory`;
    /// the time is that of the present alarm, as this connection learned of it.
    case blocked(reason: String, since: ContinuousClock.Instant)
    /// Connected, but the broker has let the time for a confirm pass on the connection before, and has confirmed nothing
    /// on this one so far.
    case unconfirmed
    /// Shut down.
    case closed
}
