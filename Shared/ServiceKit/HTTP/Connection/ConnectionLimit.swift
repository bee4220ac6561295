// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import HummingbirdCore
internal import Metrics
internal import NIOCore
internal import Synchronization

/// Counts the open connections of a server, whatever it listens on, and caps them.
///
/// Up to `limit` connections have a place, and are there for any request. Beyond it lies a reserve for probes: who comes
/// there is let go soon, and anything but a probe gets 503 unless a place is free by then. So `/live` is answered however
/// many clients there are. Beyond the reserve nothing is accepted: clients wait in the kernel's queue, for as long as the
/// reserve needs to turn over.
final class ConnectionLimit: AvailableConnectionsDelegate {
    /// How many connections there may be beyond the limit.
    static let reserve = 32
    /// How long one in the reserve may take to say what it wants.
    static let patience = Duration.seconds(1)

    private struct State {
        var open = 0
        var placed = 0
        var listeners: [any Channel] = []
    }

    private let limit: Int
    private let gauge: Gauge
    private let state = Mutex(State())

    init(limit: Int, factory: any MetricsFactory) {
        self.limit = limit
        gauge = Gauge(label: "http_connections_open", factory: factory)
    }

    /// Takes a place, if there is one.
    func enter() -> Bool {
        state.withLock { state in
            guard state.placed < limit else { return false }
            state.placed += 1
            return true
        }
    }

    /// Gives a place back.
    func leave() { state.withLock { $0.placed -= 1 } }

    /// Has a listener accept again once it can: Hummingbird looks only when a connection of the same listener ends.
    func add(listener: any Channel) { state.withLock { $0.listeners.append(listener) } }

    func connectionOpened() {
        gauge.record(
            state.withLock { state in
                state.open += 1
                return state.open
            })
    }

    func connectionClosed() {
        let (open, listeners) = state.withLock { state in
            state.open -= 1
            return (state.open, state.open == limit + Self.reserve - 1 ? state.listeners : [])
        }
        gauge.record(open)
        // Not from here: the handler that calls this is asked by reading.
        for listener in listeners { listener.eventLoop.execute { listener.read() } }
    }

    func isAcceptingNewConnections() -> Bool { state.withLock { $0.open < limit + Self.reserve } }
}
