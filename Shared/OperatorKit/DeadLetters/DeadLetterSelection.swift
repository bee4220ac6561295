// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import ArgumentParser
internal import CQRS
internal import CQRSAMQP
internal import Essentials

/// Which letters a command changes. Nothing is selected by saying nothing.
struct DeadLetterSelection: ParsableArguments {
    @Argument(help: ArgumentHelp("The ids of letters.", valueName: "id"))
    var ids: [String] = []

    @Flag(help: "All letters, or all that --reason and --stream let pass.")
    var all = false

    @OptionGroup var filter: DeadLetterFilter

    func validate() throws {
        if ids.isEmpty && !all && filter.isEmpty {
            throw ValidationError("say which letters: by id, --reason, --stream or --all")
        }
        if !ids.isEmpty && all { throw ValidationError("--all and ids contradict each other") }
    }

    /// Whether a letter is selected.
    func matches(_ letter: DeadLetterRecord) -> Bool {
        (ids.isEmpty || ids.contains { $0.isExactly(letter.printableID) }) && filter.matches(letter)
    }

    /// The ids that none of these letters has.
    func missing(from found: Set<String>) -> [String] { ids.filter { !found.contains($0) } }
}

extension DeadLetterRecord {
    /// The id as it is printed and typed: somebody else's may hold what no terminal shows.
    var printableID: String { Printable.text(id) }
}
