// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization
import TestSupport

/// Whether confirms are held back on all connections of a proxy.
final class ConfirmSwitch: Sendable {
    private let isOn = Atomic<Bool>(true)
    private let swallowed = Atomic<Int>(0)

    /// Whether confirms pass.
    var passes: Bool {
        get { isOn.load(ordering: .acquiring) }
        set { isOn.store(newValue, ordering: .releasing) }
    }

    /// How many frames with confirms did not pass.
    var swallowedCount: Int { swallowed.load(ordering: .acquiring) }

    fileprivate func countSwallowed() { swallowed.wrappingAdd(1, ordering: .acquiringAndReleasing) }
}

/// Turns a broker's confirms into heartbeats: a connection that is alive and confirms nothing.
struct ConfirmFilter: ByteFilter {
    private static let heartbeat: [UInt8] = [8, 0, 0, 0, 0, 0, 0, 0xCE]

    let confirms: ConfirmSwitch
    private var rest: [UInt8] = []

    init(_ confirms: ConfirmSwitch) { self.confirms = confirms }

    mutating func pass(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        rest += bytes
        var passed: [UInt8] = []
        var start = 0
        // AMQP 0-9-1 §2.3.5: type, channel, size of the payload, payload, end.
        while rest.count - start >= 8 {
            let size = rest[start + 3..<start + 7].reduce(0) { $0 << 8 | Int($1) }
            guard rest.count - start >= size + 8 else { break }
            let frame = rest[start..<start + size + 8]
            start += frame.count
            if !confirms.passes, isConfirm(frame) {
                confirms.countSwallowed()
                passed += Self.heartbeat
            } else {
                passed += frame
            }
        }
        rest.removeFirst(start)
        return passed[...]
    }

    /// A method frame with `basic.ack` (class 60, method 80).
    private func isConfirm(_ frame: ArraySlice<UInt8>) -> Bool {
        frame.count >= 11 && frame[frame.startIndex] == 1
            && frame.dropFirst(7).prefix(4).elementsEqual([0, 60, 0, 80])
    }
}
