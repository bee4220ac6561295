// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization

@testable import OperatorKit

/// Records what a command prints, and answers its questions.
final class Recorder: Sendable {
    private struct State {
        var output = ""
        var errors = ""
        var answers: [String] = []
        /// How many more lines can be written.
        var room: Int
    }

    private let state: Mutex<State>
    private let isInteractive: Bool
    private let overwritesLines: Bool

    /// A recorder; with answers somebody is there to be asked.
    ///
    /// - Parameter room: how many lines of the result can be written.
    init(answers: [String] = [], overwritesLines: Bool = false, room: Int = .max) {
        state = Mutex(State(answers: answers, room: room))
        isInteractive = !answers.isEmpty
        self.overwritesLines = overwritesLines
    }

    var console: Console {
        Console(
            isInteractive: isInteractive, overwritesLines: overwritesLines,
            output: { text in
                try self.state.withLock { state in
                    guard state.room > 0 else { throw OperatorError("full", OperatorExit.outputFailed) }
                    state.room -= 1
                    state.output += text
                }
            },
            errors: { text in self.state.withLock { $0.errors += text } },
            input: { self.state.withLock { $0.answers.isEmpty ? nil : $0.answers.removeFirst() } })
    }

    /// The lines of the result.
    var lines: [String] { state.withLock { $0.output.split(separator: "\n").map(String.init) } }

    /// Everything else.
    var errors: String { state.withLock { $0.errors } }
}
