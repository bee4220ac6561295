// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Synchronization

/// Keeps a relay from trying to publish everything again and again while the broker is away: after a failure nobody
/// tries for a growing while, then one does, with one event. Its success lets all others go on.
final class Circuit: Sendable {
    private enum Mode {
        case closed
        case open(until: ContinuousClock.Instant)
        case probing
    }

    private struct State {
        var mode = Mode.closed
        var backoff = Backoff(from: .milliseconds(50), to: .seconds(1))
    }

    private let state = Mutex(State())
    private let changed = Wakeup()

    /// Whether publishing is being held back.
    var isOpen: Bool { state.withLock { if case .closed = $0.mode { false } else { true } } }

    /// Waits until the caller may publish; ends early when the task is cancelled.
    ///
    /// - Returns: whether it is the one to try with one event.
    func pass() async -> Bool {
        while !Task.isCancelled {
            enum Admission {
                case pass
                case probe
                case sleep(until: ContinuousClock.Instant)
                case wait
            }
            let admission: Admission = state.withLock { state in
                switch state.mode {
                case .closed:
                    return .pass
                case .open(let end) where end <= .now:
                    state.mode = .probing
                    return .probe
                case .open(let end):
                    return .sleep(until: end)
                case .probing:
                    return .wait
                }
            }
            switch admission {
            case .pass: return false
            case .probe: return true
            case .sleep(let end): try? await Task.sleep(until: end, clock: .continuous)
            case .wait:
                await changed.wait { state.withLock { if case .probing = $0.mode { false } else { true } } }
            }
        }
        return false
    }

    /// The one to try had nothing to try with: somebody else may.
    func returnProbe() {
        state.withLock { state in
            if case .probing = state.mode { state.mode = .open(until: .now) }
        }
        changed.notify()
    }

    /// Notes what became of a try.
    ///
    /// - Returns: whether this opened or closed the circuit.
    @discardableResult
    func record(success: Bool) -> Bool {
        let hasTurned = state.withLock { state in
            let wasClosed = if case .closed = state.mode { true } else { false }
            if success {
                state.backoff.reset()
                state.mode = .closed
            } else {
                state.mode = .open(until: .now + state.backoff.next())
            }
            return wasClosed != success
        }
        changed.notify()
        return hasTurned
    }
}
