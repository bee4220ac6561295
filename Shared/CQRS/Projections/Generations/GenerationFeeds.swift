// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Logging
public import ServiceLifecycle

/// Feeds the generations that are to be fed: starts what feeds a new one, and stops what feeds one that is no longer fed
/// or paused, in order, without the service ending.
public struct GenerationFeeds: Service {
    private let follower: GenerationFollower
    private let parts: @Sendable (GenerationFeed) -> [any Service]
    private let logger: Logger

    /// Feeds what a follower names.
    ///
    /// - Parameters:
    ///   - follower: run by somebody else, who stops it later than this.
    ///   - logger: for starts and stops.
    ///   - parts: makes what feeds a generation, in the order of its start; called anew for each start.
    public init(
        _ follower: GenerationFollower, logger: Logger, parts: @escaping @Sendable (GenerationFeed) -> [any Service]
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
            var running: [GenerationFeed: ServiceGroup] = [:]
            for await occasion in occasions {
                let wanted: Set<GenerationFeed>
                switch occasion {
                case .failed(let error): throw error
                case .changed(let state): wanted = state.feeds
                }
                for (feed, services) in running where !wanted.contains(feed) {
                    logger.notice("no longer fed", metadata: ["generation": "\(feed.generation)"])
                    running[feed] = nil
                    await services.triggerGracefulShutdown()
                }
                for feed in wanted where running[feed] == nil {
                    logger.notice("fed", metadata: ["generation": "\(feed.generation)"])
                    let services = makeGroup(for: feed)
                    running[feed] = services
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

    private func makeGroup(for feed: GenerationFeed) -> ServiceGroup {
        var quiet = logger
        quiet.logLevel = max(quiet.logLevel, .warning)
        return ServiceGroup(configuration: ServiceGroupConfiguration(services: parts(feed), logger: quiet))
    }
}
