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
                    // Cancelled or shut down: the end is the same.
                    try? await gracefulShutdown()
                    queue.stop()
                    try? await Task.sleep(for: Self.stopLimit)
                }
                await tasks.next()
                tasks.cancelAll()
            }
        }
    }
}
