// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
public import ArgumentParser
internal import CQRS
internal import CQRSAMQP
internal import CQRSMongoDB
internal import CQRSUpkeep
internal import Essentials
internal import Logging
internal import MongoDB
internal import ServiceKit

/// `verify`: compares a read model with the event store.
public struct Verify<Owner: ReadModelOwner>: AsyncParsableCommand {
    /// How it is called.
    public static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "verify",
            abstract: "Compare a read model with the event store, and mend it if asked to.",
            discussion: """
                Folds every event and compares what comes out with the documents that queries get, and sums over documents with what those add up to. The system may run \
                meanwhile: what is only late is looked at again until it is right, or has had --patience seconds. Query \
                services are told of what is mended through the broker. Prints one line for each difference, with identifiers, names of fields and sums only, and the progress to standard error.

                EXAMPLES
                  consumer verify users
                  consumer verify users --json > differences.ndjson
                  consumer verify users --repair --patience 60

                EXIT STATUS
                  0   no differences, or all mended
                  1   differences, or with --repair some that cannot be mended
                  64  wrong usage
                  69  the database, or with --repair the broker, cannot be reached
                  70  anything else went wrong
                  74  the result cannot be written
                  78  a bad setting
                """)
    }

    @Argument(help: ReadModelName<Owner>.help)
    var readModel: ReadModelName<Owner>

    @Flag(help: "Write what the events say where the read model says something else.")
    var repair = false

    @Flag(help: "Print JSON, one object a line; the last one is the summary.")
    var json = false

    @Option(help: ArgumentHelp("How long a document may lag behind its events.", valueName: "seconds"))
    var patience = 10

    @Option(help: ArgumentHelp("Which generation to compare; the serving one unless named.", valueName: "number"))
    var generation: Int?

    @Option(help: ArgumentHelp("How many ranges of streams to compare side by side.", valueName: "number"))
    var parallel = 4

    @OptionGroup private var options: ServiceOptions

    /// For whoever parses a command line.
    public init() {}

    /// Refuses numbers out of range.
    public func validate() throws {
        guard (0...86_400).contains(patience) else { throw ValidationError("--patience must be 0 to 86400") }
        guard generation ?? 1 >= 1 else { throw ValidationError("--generation must be at least 1") }
        guard (1...64).contains(parallel) else { throw ValidationError("--parallel must be 1 to 64") }
    }

    /// Compares, and mends if asked to.
    public func run() async throws {
        try await OperatorCommand.run(options) { configuration, mongodb, logger in
            try await verify(readModel.projection, configuration, mongodb, logger)
        }
    }

    private func verify<P: Projection>(
        _ projection: P.Type, _ configuration: SystemConfiguration, _ mongodb: MongoClient, _ logger: Logger
    ) async throws -> Int32 {
        let events = MongoEventStore(client: mongodb, database: configuration.writeDatabase, logger: logger)
        let state = try await configuration.generations(in: mongodb).read(P.name).state
        let audited = generation.map { Generation($0) } ?? state.serving
        guard state.living.contains(audited) else {
            StandardError.line("refused: there is no generation \(audited); generation \(state.serving) serves")
            return OperatorExit.refused
        }
        let model = configuration.model(P.self, audited, in: mongodb)
        guard repair else { return try await audit(P.self, over: events, model) }
        // The query services have to be told of what is mended; if nobody can tell them, nothing is.
        try await configuration.amqp.connected { try await $0.declare(NoticeTopology.topology) }
        return try await AMQPPublisher.running(configuration.amqp, topology: NoticeTopology.topology) { publisher in
            let notices = AMQPChangeNotices(publisher: publisher, readModel: P.name, generation: audited)
            return try await audit(P.self, over: events, ToldReadModel(model, notices: notices))
        }
    }

    private func audit<P: Projection>(
        _ projection: P.Type, over events: MongoEventStore, _ model: some AuditableReadModel<P.Document>
    ) async throws -> Int32 {
        let audit = ReadModelAudit(
            P.self, events: events, model: model, patience: .seconds(patience), parallel: parallel)
        return try await print(audit, total: try await events.count(P.category))
    }

    /// Runs the audit and prints what it finds.
    ///
    /// - Returns: the exit status.
    private func print<P: Projection, Model>(_ audit: ReadModelAudit<P, Model>, total: Int) async throws -> Int32 {
        var line = ProgressLine()
        let pace = Pace()
        let output = VerifyOutput(json: json, repair: repair)
        let result = try await audit.run(repairs: repair) { progress in
            line.show(output.text(of: progress, total: total, pace))
        } onDifference: { difference, isMended in
            line.clear()
            try Console.standard.print(output.line(for: difference, isMended: isMended))
        } onSumDifference: { difference, isMended in
            line.clear()
            try Console.standard.print(output.line(for: difference, isMended: isMended))
        }
        line.clear()
        try Console.standard.print(output.summary(result))
        return result.differences > result.repaired ? OperatorExit.refused : 0
    }
}
