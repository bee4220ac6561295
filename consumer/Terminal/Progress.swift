// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Says on standard error how far long work has come: on a terminal in one line, else in a line every few seconds.
///
/// Work that takes less than a second passes in silence.
struct Progress {
    private let what: String
    private let total: Int
    private let console: Console
    private let start: ContinuousClock.Instant
    private var nextLine: ContinuousClock.Instant
    private var isLineOpen = false

    /// Starts the clock.
    ///
    /// - Parameters:
    ///   - what: the work, such as `reading`.
    ///   - total: how much there is to do.
    init(_ what: String, of total: Int, on console: Console, now: ContinuousClock.Instant = .now) {
        self.what = what
        self.total = total
        self.console = console
        start = now
        nextLine = now + .seconds(1)
    }

    /// Takes note of how much is done, and says so if it is time.
    mutating func update(_ done: Int, now: ContinuousClock.Instant = .now) {
        guard now >= nextLine else { return }
        let seconds = max(1, (now - start).components.seconds)
        let line = "\(what): \(done) of \(total), \(done / Int(seconds)) a second"
        if console.overwritesLines {
            // Back to the start of the line, and clear what is longer (ECMA-48, EL).
            console.write("\r\(line)\u{1B}[K")
            isLineOpen = true
            nextLine = now + .milliseconds(200)
        } else {
            console.note(line)
            nextLine = now + .seconds(5)
        }
    }

    /// Clears the line, for what is printed next.
    mutating func pause() {
        guard isLineOpen else { return }
        console.write("\r\u{1B}[K")
        isLineOpen = false
    }
}
