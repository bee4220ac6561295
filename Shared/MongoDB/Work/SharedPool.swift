// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization

/// A pool that several threads take clients from. Made when the first is taken, unless it is there already.
final class SharedPool: Sendable {
    private let pool: Mutex<ClientPool?>
    private let make: @Sendable () throws(MongoError) -> ClientPool

    /// - Parameter isMadeNow: whether to make it at once, to find out about a bad configuration.
    init(isMadeNow: Bool, _ make: @escaping @Sendable () throws(MongoError) -> ClientPool) throws(MongoError) {
        self.make = make
        pool = Mutex(isMadeNow ? try make() : nil)
    }

    /// Takes a client.
    func pop() throws(MongoError) -> OpaquePointer {
        // As a number, since a pointer does not leave the lock.
        let popped: Result<UInt, MongoError> = pool.withLock { pool in
            do throws(MongoError) {
                if pool == nil { pool = try make() }
            } catch {
                return .failure(error)
            }
            guard let client = unsafe pool?.pop() else {
                return .failure(MongoError(.unavailable, "no client left in the pool"))
            }
            return .success(UInt(bitPattern: client))
        }
        guard let client = unsafe OpaquePointer(bitPattern: try popped.get()) else {
            throw MongoError(.unavailable, "no client left in the pool")
        }
        return unsafe client
    }

    /// Gives a client back, its cursors and streams destroyed.
    func push(_ client: OpaquePointer) {
        let number = UInt(bitPattern: client)
        pool.withLock { pool in
            guard let client = unsafe OpaquePointer(bitPattern: number) else { return }
            unsafe pool?.push(client)
        }
    }

    /// Destroys the pool, all clients being back. Joins the driver's monitoring threads, so not on one of Swift's.
    func destroy() { pool.withLock { $0 = nil } }
}
