// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser
import MicroWork

/// Carries a piece of work out, for callgrind to count the instructions of; `scripts/instructions` does the rest.
@main
struct MicroInstructions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "micro-instructions",
        abstract: "Carries one of the micro-benchmarks out so many times; without arguments lists their names.")

    @Argument(help: "The name.")
    var name: String?

    @Argument(help: "How many times.")
    var count = 1

    func validate() throws {
        guard count >= 0 else { throw ValidationError("the number of times cannot be negative") }
    }

    func run() async throws {
        guard let name else {
            for work in MicroWork.all { print(work.name) }
            return
        }
        guard let work = MicroWork.all.first(where: { $0.name == name }) else {
            throw ValidationError("there is no \"\(name)\"")
        }
        try await work.prepare()(count)
    }
}
