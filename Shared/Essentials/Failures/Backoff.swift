// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Growing, jittered waits between attempts, so that many who fail together do not come back together.
///
/// Each wait is drawn from the upper half of a span that doubles: "equal jitter" of M. Brooker, "Exponential Backoff
/// And Jitter".
public struct Backoff: Sendable {
    private let maximum: Duration
    private let minimum: Duration
    private var span: Duration

    /// Starts over with the shortest wait.
    ///
    /// - Parameters:
    ///   - minimum: the first span, more than zero.
    ///   - maximum: the span that later ones do not exceed.
    public init(from minimum: Duration, to maximum: Duration) {
        precondition(minimum > .zero && minimum <= maximum)
        self.minimum = minimum
        self.maximum = maximum
        span = minimum
    }

    /// The next wait.
    public mutating func next() -> Duration {
        defer { span = min(span * 2, maximum) }
        return span * Double.random(in: 0.5...1)
    }

    /// Starts over, after a success.
    public mutating func reset() { span = minimum }
}
