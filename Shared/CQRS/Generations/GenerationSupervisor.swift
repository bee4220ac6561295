// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Logging
public import ServiceLifecycle

/// Feeds the generations that are to be fed: starts what feeds a new one, and stops what feeds one that is no longer fed
/// or paused, in order, without the service ending.
public struct GenerationSupervisor: Service {
    private let follower: GenerationFollower
    private let parts: @Sendable (GenerationQueue) -> [any Service]
    private let logger: Logger

    /// Feeds what a follower names.
    ///
    /// - Parameters:
    ///   - follower: run by somebody else, who stops it later than this.
    ///   - logger: for starts and stops.
    ///   - parts: makes what feeds a generation, in the order of its start; called anew for each start.
    public init(
        _ follower: GenerationFollower, logger: Logger, parts: @escaping @Sendable (GenerationQueue) -> [any Service]
    ) {
        self.follower = follower
        self.parts = parts
        self.logger = logger
    }

    private enum Occasion: Sendable {
        case changed(GenerationState)
        case failed(any Error)
    }

    /// Feeds until a graceful shutdown, in which all feeds stop in order.
    ///
    /// - Throws: what a part throws, after cancelling the others.
    public func run() async throws {
        let (occasions, continuation) = AsyncStream.makeStream(of: Occasion.self)
        let changes = follower.changes()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await state in changes.cancelOnGracefulShutdown() { continuation.yield(.changed(state)) }
                continuation.finish()
            }
            var running: [GenerationQueue: ServiceGroup] = [:]
            for await occasion in occasions {
                let wanted: Set<GenerationQueue>
                switch occasion {
                case .failed(let error): throw error
                case .changed(let state): wanted = state.queues
                }
                for (queue, services) in running where !wanted.contains(queue) {
                    logger.notice("no longer fed", metadata: ["generation": "\(queue.generation)"])
                    running[queue] = nil
                    await services.triggerGracefulShutdown()
                }
                for queue in wanted where running[queue] == nil {
                    logger.notice("fed", metadata: ["generation": "\(queue.generation)"])
                    let services = makeGroup(for: queue)
                    running[queue] = services
                    group.addTask {
                        do {
                            try await services.run()
                        } catch {
                            continuation.yield(.failed(error))
                            throw error
                        }
                    }
                }
            }
            for services in running.values { await services.triggerGracefulShutdown() }
            try await group.waitForAll()
        }
    }

    private func makeGroup(for queue: GenerationQueue) -> ServiceGroup {
        var quiet = logger
        quiet.logLevel = max(quiet.logLevel, .warning)
        return ServiceGroup(configuration: ServiceGroupConfiguration(services: parts(queue), logger: quiet))
    }
}
