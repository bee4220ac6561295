// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// Whether a read model answers. A value that decides, so that while it does not, not everybody waits for its failure.
struct ReachabilityWatch {
    /// How long a reading may take before others stop counting on it, and how long a failure counts.
    private static let patience = Duration.milliseconds(300)
    private static let memory = Duration.seconds(1)

    private var oldestReading: ContinuousClock.Instant?
    private var awayUntil: ContinuousClock.Instant?

    /// Whether to do without it.
    func isAway(now: ContinuousClock.Instant) -> Bool {
        if let awayUntil, awayUntil > now { return true }
        if let oldestReading, oldestReading + Self.patience < now { return true }
        return false
    }

    /// A reading begins.
    ///
    /// - Returns: whether it is the one to look at.
    mutating func begin(now: ContinuousClock.Instant) -> Bool {
        guard oldestReading == nil else { return false }
        oldestReading = now
        return true
    }

    /// A reading has ended.
    ///
    /// - Parameter failure: what it failed with; `nil` when it was answered.
    mutating func end(isLookedAt: Bool, failure: FailureCategory?, now: ContinuousClock.Instant) {
        if isLookedAt { oldestReading = nil }
        switch failure {
        case .unavailable: awayUntil = now + Self.memory
        // Who asked has left: nothing is known of who was asked.
        case .cancelled: break
        // A refusal is an answer, too.
        case .transient, .rejected, .malformed, .internal, nil: awayUntil = nil
        }
    }
}
