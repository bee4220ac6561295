// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Says how much of some work is done, and how fast it goes.
struct Progress {
    private let what: String
    private let total: Int
    private let start: ContinuousClock.Instant
    private var line: ProgressLine

    /// Starts the clock.
    ///
    /// - Parameters:
    ///   - what: the work, such as `reading`.
    ///   - total: how much there is to do.
    init(_ what: String, of total: Int, on console: Console, now: ContinuousClock.Instant = .now) {
        self.what = what
        self.total = total
        start = now
        line = ProgressLine(on: console, now: now)
    }

    /// Takes note of how much is done, and says so if it is time.
    mutating func update(_ done: Int, now: ContinuousClock.Instant = .now) {
        let seconds = max(1, (now - start).components.seconds)
        let text = "\(what): \(done) of \(total), \(done / Int(seconds)) a second"
        line.show(text, now: now)
    }

    /// Clears the line, for what is printed next.
    mutating func pause() { line.clear() }
}
