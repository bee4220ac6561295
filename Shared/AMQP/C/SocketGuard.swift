// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Bounds the time that a connection's thread spends inside the library.
///
/// The library's writes wait for ever for a broker that has stopped reading, be it frozen or in an alarm. `shutdown(2)`
/// from another thread ends such a wait with an error; nothing else does.
final class SocketGuard: Sendable {
    private struct State {
        /// A duplicate of ours: the library may close its own descriptor inside any call, and the number could then
        /// already belong to somebody else.
        var descriptor: CInt?
        var busySince: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let limit: Duration

    /// - Parameter limit: the longest uninterrupted stay in the library.
    init(limit: Duration) { self.limit = limit }

    /// With a limit just above those that the library keeps itself.
    convenience init(_ configuration: AMQPConfiguration) {
        self.init(limit: max(configuration.connectTimeout, configuration.rpcTimeout) + .milliseconds(500))
    }

    deinit { detach() }

    func attach(_ descriptor: CInt) {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        state.withLock { $0.descriptor = copy >= 0 ? copy : nil }
    }

    func detach() {
        state.withLock { state in
            if let descriptor = state.descriptor { close(descriptor) }
            state = State()
        }
    }

    /// The thread enters the library.
    func enter() {
        let now = ContinuousClock.now
        state.withLock { $0.busySince = now }
    }

    /// The thread is back.
    func leave() {
        state.withLock { $0.busySince = nil }
    }

    /// Cuts a connection whose thread has been away for too long; returns when to check again.
    func check(now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        state.withLock { state in
            guard let since = state.busySince else { return now + limit }
            guard now >= since + limit else { return since + limit }
            Self.cut(state)
            return now + limit
        }
    }

    /// Cuts the connection, wherever its thread is: what it waits for, or does next, fails.
    func cut() { state.withLock { Self.cut($0) } }

    private static func cut(_ state: State) {
        if let descriptor = state.descriptor { shutdown(descriptor, CInt(SHUT_RDWR)) }
    }
}
