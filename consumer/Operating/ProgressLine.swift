// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ServiceKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Shows on standard error how far a long command is: one line that is redrawn on a terminal, or else a plain line
/// every few seconds.
struct ProgressLine {
    private let isTerminal: Bool
    private let interval: Duration
    private var lastShown = ContinuousClock.now
    private var isOpen = false

    init() {
        isTerminal = isatty(STDERR_FILENO) == 1
        interval = isTerminal ? .milliseconds(100) : .seconds(5)
    }

    /// Shows a text, unless the last one is too recent; what is done in a moment shows none.
    mutating func show(_ text: @autoclosure () -> String) {
        let now = ContinuousClock.now
        guard now - lastShown >= interval else { return }
        lastShown = now
        if isTerminal {
            // Back to the first column, and erase to the end (ECMA-48, EL).
            StandardError.write("\r\u{1B}[K\(text())")
            isOpen = true
        } else {
            StandardError.line(text())
        }
    }

    /// Makes room for other output.
    mutating func clear() {
        if isOpen { StandardError.write("\r\u{1B}[K") }
        isOpen = false
    }

    /// Shows a last text that stays.
    mutating func end(_ text: String) {
        clear()
        StandardError.line(text)
    }
}
