// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import ArgumentParser

/// `dead-letters`: what was put aside, and what to do about it.
public struct DeadLettersCommand<Owner: ReadModelOwner>: AsyncParsableCommand {
    /// How it is called.
    public static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "dead-letters",
            abstract: "Look through, replay and discard messages that were put aside.",
            discussion: """
                A message that cannot be applied is put aside with its reason, in the queue READ_MODEL.projection.dead. Mend the \
                cause, then replay it; or discard what nobody needs. Looking changes nothing.

                  consumer dead-letters list --reason invalid-data
                  consumer dead-letters show 0193c8a5-…
                  consumer dead-letters replay --all
                  consumer dead-letters discard --reason not-an-event
                """,
            subcommands: [List.self, Show.self, Replay.self, Discard.self])
    }

    /// For whoever parses a command line.
    public init() {}
}
