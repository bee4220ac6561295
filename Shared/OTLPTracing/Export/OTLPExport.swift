// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AsyncHTTPClient
internal import Logging
public import ServiceLifecycle

/// Sends what an ``OTLPTracer`` records to a collector, for as long as it runs.
///
/// At a graceful shutdown it sends what there is, for two seconds at most and without a second attempt. Put it before
/// the parts of a service whose last spans matter: parts stop in reverse.
public struct OTLPExport: Service {
    private static let stopLimit = Duration.seconds(2)

    private let configuration: OTLPTracingConfiguration
    private let queue: SpanQueue
    private let metrics: ExportMetrics
    private let logger: Logger

    init(_ configuration: OTLPTracingConfiguration, queue: SpanQueue, metrics: ExportMetrics, logger: Logger) {
        self.configuration = configuration
        self.queue = queue
        self.metrics = metrics
        self.logger = logger
    }

    /// Runs until a graceful shutdown or its task is cancelled.
    public func run() async throws {
        // Cancelled or shut down: the end is the same.
        try await run { try? await gracefulShutdown() }
    }

    /// Runs for the time of a body, and then sends what is left, as at a shutdown: for a program that ends by itself.
    ///
    /// - Returns: what the body returns, whatever becomes of the spans.
    /// - Throws: what it throws.
    public func run<Value: Sendable>(during body: () async throws -> Value) async throws -> Value {
        let (end, ending) = AsyncStream.makeStream(of: Never.self)
        return try await withTaskGroup(of: Void.self) { tasks -> Result<Value, any Error> in
            tasks.addTask { try? await run { for await _ in end {} } }
            defer { ending.finish() }
            do { return .success(try await body()) } catch { return .failure(error) }
        }.get()
    }

    private func run(until isOver: @escaping @Sendable () async -> Void) async throws {
        try await HTTPClient.withHTTPClient(
            configuration: HTTPSpanSender.clientConfiguration(configuration.exporter)
        ) { client in
            let export = BatchExport(
                queue: queue,
                sender: HTTPSpanSender(
                    client: client, configuration: configuration.exporter, resource: configuration.resource),
                metrics: metrics, logger: logger)
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await export.run() }
                tasks.addTask { [queue] in
                    await isOver()
                    queue.stop()
                    try? await Task.sleep(for: Self.stopLimit)
                }
                await tasks.next()
                tasks.cancelAll()
            }
        }
    }
}
