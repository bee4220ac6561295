// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Says on standard error how far long work has come: on a terminal in one line, else in a line every few seconds.
///
/// Work that takes less than a second passes in silence.
struct ProgressLine {
    private let console: Console
    private var next: ContinuousClock.Instant
    private var isOpen = false

    init(on console: Console = .standard, now: ContinuousClock.Instant = .now) {
        self.console = console
        next = now + .seconds(1)
    }

    /// Shows a text, unless the last one is too recent.
    mutating func show(_ text: @autoclosure () -> String, now: ContinuousClock.Instant = .now) {
        guard now >= next else { return }
        if console.overwritesLines {
            // Back to the start of the line, and clear what is longer (ECMA-48, EL).
            console.write("\r\(text())\u{1B}[K")
            isOpen = true
            next = now + .milliseconds(200)
        } else {
            console.note(text())
            next = now + .seconds(5)
        }
    }

    /// Clears the line, for what is printed next.
    mutating func clear() {
        if isOpen { console.write("\r\u{1B}[K") }
        isOpen = false
    }

    /// Shows a last text that stays.
    mutating func end(_ text: String) {
        clear()
        console.note(text)
    }
}
