// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Logging
public import ServiceLifecycle
internal import Synchronization

/// Looks at the registry of generations for all read models of a process at once, so that more of them do not cost the
/// database more.
public final class GenerationWatch: Service {
    private let registry: any GenerationRegistry
    private let interval: Duration
    private let followTime: Duration
    private let logger: Logger
    private let followers = Mutex<[GenerationFollower]>([])

    /// Looks while ``run()`` runs.
    ///
    /// - Parameters:
    ///   - interval: the pause between two looks.
    ///   - followTime: what is known for longer is not relied on.
    ///   - logger: for changes, and for a registry that is away.
    public init(
        _ registry: any GenerationRegistry, interval: Duration = .milliseconds(200),
        followTime: Duration = GenerationFollower.followTime, logger: Logger
    ) {
        self.registry = registry
        self.interval = interval
        self.followTime = followTime
        self.logger = logger
    }

    /// What is known of one read model from now on.
    ///
    /// - Parameter readModel: its permanent name.
    public func follower(of readModel: String) -> GenerationFollower {
        let follower = GenerationFollower(registry, readModel: readModel, followTime: followTime, logger: logger)
        followers.withLock { $0.append(follower) }
        return follower
    }

    /// Looks again and again, until a graceful shutdown or cancellation.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var isAway = false
            while !Task.isCancelled {
                do {
                    try await self.look()
                    isAway = false
                } catch {
                    guard !Task.isCancelled else { return }
                    if !isAway {
                        self.logger.warning("the registry of generations is away", metadata: ["error": "\(error)"])
                    }
                    isAway = true
                }
                do { try await Task.sleep(for: self.interval) } catch { return }
            }
        }
    }

    private func look() async throws {
        let start = ContinuousClock.now
        let found = try await registry.readAll()
        for follower in followers.withLock(\.self) {
            follower.note(found[follower.readModel] ?? GenerationRecord(), since: start)
        }
    }
}
