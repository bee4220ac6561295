// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// The last look at something that may be away.
struct Looked<Value: Sendable>: Sendable {
    /// What was seen last; `nil` before the first look.
    private(set) var value: Value?
    /// When that was.
    private var seen: ContinuousClock.Instant?
    private var problem: String?
    private let begun = ContinuousClock.now

    mutating func saw(_ value: Value, at time: ContinuousClock.Instant = .now) {
        self.value = value
        seen = time
        problem = nil
    }

    /// Takes note of a look that failed. Errors that know their category have a text that quotes no data.
    mutating func failed(_ error: any Error) {
        problem = error is any CategorizedError ? "\(error)" : "an unexpected error: \(type(of: error))"
    }

    /// Why what is known is not of now; `nil` when it is.
    func trouble(now: ContinuousClock.Instant = .now) -> String? {
        if let problem { return problem }
        let silence = now - (seen ?? begun)
        return silence > .seconds(4) ? "no answer for \(silence.components.seconds) s" : nil
    }
}
