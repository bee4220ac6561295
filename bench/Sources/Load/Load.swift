// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ArgumentParser

@main
struct Load: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Puts a load on the HTTP services on this machine, and prints what came of it as one line of JSON.",
        subcommands: [ClosedCommand.self, OpenCommand.self, VisibleCommand.self, ReserveCommand.self])
}
