// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import CQRS
internal import CQRSAMQP
internal import CQRSMongoDB
internal import CQRSUpkeep
internal import Logging
internal import MongoDB
internal import OTLPTracing
internal import ServiceKit

/// A change of a read model's generations, with all that a command prints of it.
struct GenerationWork {
    let configuration: SystemConfiguration
    let mongodb: MongoClient
    let logger: Logger
    /// The command, for the broker's list of connections.
    let name: String
    var settings = RebuildSettings()

    typealias Rebuilding<P: Projection> = GenerationRebuild<P, MongoReadModel<P.Document>>

    /// Changes something, and prints what there is then.
    ///
    /// - Returns: the exit status.
    /// - Throws: what is no refusal.
    func run<P: Projection>(
        _ projection: P.Type,
        _ body: (Rebuilding<P>, @escaping Rebuilding<P>.Report) async throws -> GenerationState
    ) async throws -> Int32 {
        var broker = configuration.amqp
        broker.connectionName = broker.connectionName ?? "consumer \(name)"
        let output = RebuildOutput()
        do {
            let state = try await OTLPTracing.run(configuration.tracing, logger: logger) { tracer in
                try await body(
                    GenerationRebuild(
                        P.self,
                        events: MongoEventStore(client: mongodb, database: configuration.writeDatabase, logger: logger),
                        registry: configuration.generations(in: mongodb),
                        queues: AMQPGenerationQueues(configuration: broker, of: P.self), settings: settings,
                        tracer: tracer
                    ) { configuration.model(P.self, $0, in: mongodb).traced(by: tracer) },
                    { output.show($0) })
            }
            try output.end()
            for line in GenerationText(state, of: P.name).lines { try Console.standard.print(line) }
            return 0
        } catch let refusal as RebuildRefusal {
            try output.end()
            StandardError.line("refused: \(refusal)")
            return OperatorExit.refused
        } catch {
            try? output.end()
            throw error
        }
    }
}
