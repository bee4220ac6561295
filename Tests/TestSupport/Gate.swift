// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization

/// Holds up whoever comes by, until it is opened for good. Whoever closes one must open it: a cancelled task waits on.
public final class Gate: Sendable {
    private struct State {
        var isOpen: Bool
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    /// A gate.
    public init(isOpen: Bool = false) { state = Mutex(State(isOpen: isOpen)) }

    /// Waits until it is open.
    public func pass() async {
        await withCheckedContinuation { continuation in
            let mayPass = state.withLock { state in
                if !state.isOpen { state.waiters.append(continuation) }
                return state.isOpen
            }
            if mayPass { continuation.resume() }
        }
    }

    /// Lets everybody pass.
    public func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
