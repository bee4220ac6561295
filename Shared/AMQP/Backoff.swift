// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The delays between attempts to connect: doubling, with a random part so that clients of a restarted broker do not
/// come in step.
struct Backoff {
    private let minimum: Duration
    private let maximum: Duration
    private var current: Duration

    init(_ configuration: AMQPConfiguration) {
        minimum = configuration.reconnectMinimum
        maximum = configuration.reconnectMaximum
        current = minimum
    }

    /// The delay to take now, from the upper half of the present step.
    ///
    /// - Parameter uptime: how long the attempt and its connection lasted; a long one starts again from the smallest
    ///   delay.
    mutating func next(after uptime: Duration) -> Duration {
        if uptime > maximum * 2 { current = minimum }
        defer { current = min(current * 2, maximum) }
        return current / 2 + current / 2 * Double.random(in: 0...1)
    }
}
