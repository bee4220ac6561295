// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ServiceKit

/// A stream that goes on until it cannot be written any more.
struct Endless: AsyncSequence, Sendable {
    func makeAsyncIterator() -> AsyncIterator { AsyncIterator() }

    struct AsyncIterator: AsyncIteratorProtocol {
        private var number = 0

        mutating func next() async -> [ServerSentEvent]? {
            // Time is what makes it go on; nothing is asserted about it.
            if number > 0 { try? await Task.sleep(for: .milliseconds(20)) }
            number += 1
            return [.heartbeat(id: "\(number)")]
        }
    }
}
