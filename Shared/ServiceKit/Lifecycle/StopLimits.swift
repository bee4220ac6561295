// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How the time of a stop is shared out. Each is counted from its beginning.
///
/// What is cut off is not lost: whatever was answered is durable, and whatever was not is safe to repeat. So a service
/// whose database or broker does not answer ends in order, too.
public struct StopLimits: Sendable {
    /// How long requests in flight may take: then their tasks are cancelled, and the parts behind them have their turn.
    public var requests: Duration
    /// How long all parts may take, one after the other: then all of them are cancelled.
    public var order: Duration
    /// How long the stop may take: then a part has failed to end although it was cancelled, and the process ends without
    /// it.
    public var total: Duration

    /// Shares out the time; each limit is longer than the one before.
    public init(
        requests: Duration = .seconds(4), order: Duration = .milliseconds(6500), total: Duration = .milliseconds(9500)
    ) {
        self.requests = requests
        self.order = order
        self.total = total
    }
}
