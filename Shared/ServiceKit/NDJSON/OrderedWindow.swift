// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Synchronization

/// Hands over in order what is finished in any order, and bounds how much is begun and not handed over.
final class OrderedWindow<Output: Sendable>: Sendable {
    private struct State {
        var begun = 0
        var handedOver = 0
        var outputs: [Int: Output] = [:]
        var end: Result<Void, any Error>?

        var isDue: Bool { outputs[handedOver] != nil || (end != nil && begun == handedOver) }
    }

    private let limit: Int
    private let state = Mutex(State())
    private let room = Wakeup()
    private let due = Wakeup()

    /// - Parameter limit: how many places there are.
    init(limit: Int) { self.limit = limit }

    /// Waits for a place, and takes it.
    ///
    /// - Throws: `CancellationError`.
    func begin() async throws -> Int {
        while true {
            try Task.checkCancellation()
            let place: Int? = state.withLock { state in
                guard state.begun - state.handedOver < limit else { return nil }
                defer { state.begun += 1 }
                return state.begun
            }
            if let place { return place }
            await room.wait { state.withLock { $0.begun - $0.handedOver < limit } }
        }
    }

    /// Fills a place.
    func fill(_ place: Int, _ output: Output) {
        state.withLock { $0.outputs[place] = output }
        due.notify()
    }

    /// Nothing more begins; after the last output follows the end, or this error.
    func finish(_ end: Result<Void, any Error>) {
        state.withLock { $0.end = end }
        due.notify()
    }

    /// Waits for outputs, and takes all that are due, in order. Their places are free again.
    ///
    /// - Returns: `nil` after the last.
    /// - Throws: the error of ``finish(_:)``; `CancellationError`.
    func next() async throws -> [Output]? {
        while true {
            try Task.checkCancellation()
            let (outputs, end) = state.withLock { state in
                var outputs: [Output] = []
                while let output = state.outputs.removeValue(forKey: state.handedOver) {
                    outputs.append(output)
                    state.handedOver += 1
                }
                return (outputs, state.begun == state.handedOver ? state.end : nil)
            }
            if !outputs.isEmpty {
                room.notify()
                return outputs
            }
            if let end {
                try end.get()
                return nil
            }
            await due.wait { state.withLock { $0.isDue } }
        }
    }
}
