// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Synchronization

/// Entities in memory, each as it was when it was last looked at.
final class KeptEntities<D: Decider>: Sendable {
    private let cache: Mutex<SieveCache<Entity<D>>>

    /// - Parameter capacity: the most entities; at least 0.
    init(capacity: Int) { cache = Mutex(SieveCache(capacity: capacity)) }

    func entity(_ stream: StreamID) -> Entity<D>? { cache.withLock { $0.hit(stream.name) } }

    /// Keeps an entity, unless there is a later state of it.
    func keep(_ entity: Entity<D>) {
        cache.withLock { cache in
            guard cache.peek(entity.stream.name)?.version ?? 0 < entity.version else { return }
            _ = cache.store(entity, for: entity.stream.name, cost: 1)
        }
    }

    func remove(_ stream: StreamID) { cache.withLock { _ = $0.remove(stream.name) } }
}
