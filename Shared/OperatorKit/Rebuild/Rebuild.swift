// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import ArgumentParser
internal import CQRS
internal import CQRSMongoDB
internal import CQRSUpkeep
internal import ServiceKit

/// `rebuild`: makes a read model anew while the old one serves, and switches.
public struct Rebuild<Owner: ReadModelOwner>: AsyncParsableCommand {
    /// How it is called.
    public static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "rebuild",
            abstract: "Make a read model anew from the events while the old one serves, then switch to it.",
            discussion: """
                A new generation gets a queue of its own first, so that it misses nothing, and is then filled from the event \
                store, compared with it, and put in the place of the old one. Queries are answered all the while, and nobody \
                sees an older state than before. The old generation is kept up to date until --finish, so that --rollback can \
                switch to it at any time.

                Stopped or killed, the same command goes on where it was, some 15 seconds later; `consumer run` must be \
                running somewhere to keep generations up to date. Progress goes to standard error, a line every few seconds \
                when that is no terminal.

                EXAMPLES
                  consumer rebuild users               # or go on with what was begun
                  consumer rebuild users --status
                  consumer rebuild users --rollback    # switch to the other generation
                  consumer rebuild users --finish      # remove the other generation for good
                  consumer rebuild users --cancel      # remove the one being made

                EXIT STATUS
                  0   done
                  1   refused: nothing to do, another one at work, or it must not serve
                  64  wrong usage
                  69  the database or the broker cannot be reached: run it again
                  70  anything else went wrong
                  74  the result cannot be written
                  78  a bad setting
                """)
    }

    @Argument(help: ReadModelName<Owner>.help)
    var readModel: ReadModelName<Owner>

    @Flag var action: RebuildAction?

    @Option(help: ArgumentHelp("How many ranges of streams to fill or compare side by side.", valueName: "number"))
    var parallel = 4

    @Option(help: ArgumentHelp("How long a document may lag behind its events.", valueName: "seconds"))
    var patience = 10

    @OptionGroup private var options: ServiceOptions

    /// For whoever parses a command line.
    public init() {}

    /// Refuses numbers out of range.
    public func validate() throws {
        guard (1...64).contains(parallel) else { throw ValidationError("--parallel must be 1 to 64") }
        guard (0...86_400).contains(patience) else { throw ValidationError("--patience must be 0 to 86400") }
    }

    /// Rebuilds, or does what is asked for instead.
    public func run() async throws {
        try await OperatorCommand.run(options) { configuration, mongodb, logger in
            let registry = configuration.generations(in: mongodb)
            if action == .status {
                for line in GenerationText(try await registry.read(readModel.name).state, of: readModel.name).lines {
                    try Console.standard.print(line)
                }
                return 0
            }
            var work = GenerationWork(configuration: configuration, mongodb: mongodb, logger: logger, name: "rebuild")
            work.settings.parallel = parallel
            work.settings.patience = .seconds(patience)
            return try await execute(readModel.projection, work)
        }
    }

    private func execute<P: Projection>(_ projection: P.Type, _ work: GenerationWork) async throws -> Int32 {
        try await work.run(P.self) { rebuild, report in
            switch action {
            case nil: try await rebuild.rebuild(report)
            case .rollback: try await rebuild.rollBack(report)
            case .finish: try await rebuild.finish(report)
            case .cancel: try await rebuild.cancel(report)
            case .status: GenerationState()
            }
        }
    }
}
