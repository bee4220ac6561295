// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS

/// Which generations there are, in words, and what can be done about them.
struct GenerationText {
    private let state: GenerationState
    private let command: String

    init(_ state: GenerationState, of readModel: String) {
        self.state = state
        command = "consumer rebuild \(readModel)"
    }

    var lines: [String] { generations + next }

    private var generations: [String] {
        var lines = ["generation \(state.serving)  serves"]
        if let standby = state.standby { lines.append("generation \(standby)  is complete and kept up to date") }
        if let build = state.build {
            let what = build.isFilled ? "is filled, and not compared" : "is being filled"
            lines.append("generation \(build.generation)  \(what): \(build.events.grouped) events so far")
        }
        if let retiring = state.retiring { lines.append("generation \(retiring)  is being removed") }
        if state.partitions ?? .none != .none { lines.append(PartitionText.line(state)) }
        if let handover = state.handover { lines.append("a switch is under way: \(handover.rawValue)") }
        return lines
    }

    private var next: [String] {
        if state.handover != nil { return ["next: \(command)             to finish the switch"] }
        if state.retiring != nil { return ["next: \(command) --finish    to finish the removal"] }
        if state.standby != nil {
            return [
                "next: \(command) --rollback  to switch to the other one",
                "      \(command) --finish    to remove the other one",
            ]
        }
        if state.build != nil {
            return [
                "next: \(command)             to go on with it",
                "      \(command) --cancel    to remove it",
            ]
        }
        return []
    }
}
