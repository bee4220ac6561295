// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import ArgumentParser
internal import CQRS
internal import CQRSMongoDB
internal import CQRSUpkeep
internal import ServiceKit

/// `partition`: spreads a read model's events over several queues.
public struct Partition<Owner: ReadModelOwner>: AsyncParsableCommand {
    /// How it is called.
    public static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "partition",
            abstract: "Spread a read model's events over several queues, by their streams.",
            discussion: """
                Without partitions all consumers share a read model's queue: whoever is free takes what is next. That is fine until \
                one queue is too slow for all events, or consumers meet over the same streams. With partitions all events of a \
                stream go to the same one, which one consumer at a time takes from; consumers share the partitions evenly by \
                themselves, and when one is gone another takes its place at once. Use at least as many partitions as there will be \
                consumers.

                Consumers go on while the number is changed, and follow it within seconds. Fewer partitions are emptied before they \
                are removed, which takes a running consumer. Stopped or killed, the same command goes on where it was, some 15 seconds \
                later. RabbitMQ needs its plugin rabbitmq_consistent_hash_exchange, and the policies \
                of this version (topology declare).

                EXAMPLES
                  consumer partition users --into 4
                  consumer partition users             # how many there are
                  consumer partition users --into 0    # one queue for all consumers again

                EXIT STATUS
                  0   done
                  1   refused: another one at work, a second generation is there, or nobody empties what is to be removed
                  64  wrong usage
                  69  the database or the broker cannot be reached: run it again
                  70  anything else went wrong
                  74  the result cannot be written
                  78  a bad setting
                """)
    }

    @Argument(help: ReadModelName<Owner>.help)
    var readModel: ReadModelName<Owner>

    @Option(help: ArgumentHelp("How many partitions, 0 to \(Partitions.limit).", valueName: "number"))
    var into: Int?

    @OptionGroup private var options: ServiceOptions

    /// For whoever parses a command line.
    public init() {}

    /// Refuses numbers out of range.
    public func validate() throws {
        guard (0...Partitions.limit).contains(into ?? 0) else {
            throw ValidationError("--into must be 0 to \(Partitions.limit)")
        }
    }

    /// Changes the number, or prints it.
    public func run() async throws {
        try await OperatorCommand.run(options) { configuration, mongodb, logger in
            let before = try await configuration.generations(in: mongodb).read(readModel.name).state
            guard let into else {
                try Console.standard.print(PartitionText.line(before))
                return 0
            }
            let work = GenerationWork(configuration: configuration, mongodb: mongodb, logger: logger, name: "partition")
            func partition<P: Projection>(_ projection: P.Type) async throws -> Int32 {
                try await work.run(P.self) { try await $0.partition(into: into, $1) }
            }
            return try await partition(readModel.projection)
        }
    }
}

/// The partitions of a read model in words.
enum PartitionText {
    /// One line.
    static func line(_ state: GenerationState) -> String {
        let partitions = state.partitions ?? .none
        guard !partitions.isChanging else {
            return "the partitions are being changed: run --into NUMBER again if that was interrupted"
        }
        let (bound, leftovers) = (partitions.bound, partitions.count - partitions.bound)
        let count = bound == 0 ? "no partitions: one queue for all consumers" : "partitions: \(bound)"
        return leftovers == 0 ? count : "\(count), and \(leftovers) more to be emptied: run --into \(bound) again"
    }
}
