// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import HummingbirdCore
internal import Metrics

/// Caps the open connections and counts them. Beyond the cap nothing is accepted: clients wait in the kernel's queue.
struct ConnectionLimit: AvailableConnectionsDelegate {
    private let limit: Int
    private let gauge: Gauge
    private var open = 0

    init(limit: Int, gauge: Gauge) {
        self.limit = limit
        self.gauge = gauge
    }

    mutating func connectionOpened() {
        open += 1
        gauge.record(open)
    }

    mutating func connectionClosed() {
        open -= 1
        gauge.record(open)
    }

    func isAcceptingNewConnections() -> Bool { open < limit }
}
