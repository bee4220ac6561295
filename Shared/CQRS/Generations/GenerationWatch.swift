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
            var unreadable: Set<String> = []
            while !Task.isCancelled {
                do {
                    unreadable = try await self.look(knownAsUnreadable: unreadable)
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

    /// Tells every follower what is written of its read model.
    ///
    /// - Parameter known: what has been complained of.
    /// - Returns: of which read models it cannot be read; their followers ask for themselves, and fail for themselves.
    private func look(knownAsUnreadable known: Set<String>) async throws -> Set<String> {
        let start = ContinuousClock.now
        let found = try await registry.readAll()
        var unreadable: Set<String> = []
        for follower in followers.withLock(\.self) {
            do {
                follower.note(try found[follower.readModel]?.get() ?? GenerationRecord(), since: start)
            } catch {
                guard unreadable.insert(follower.readModel).inserted, !known.contains(follower.readModel) else {
                    continue
                }
                logger.error(
                    "the generations of a read model cannot be read",
                    metadata: ["read-model": "\(follower.readModel)", "error": "\(error)"])
            }
        }
        return unreadable
    }
}
