// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import CQRSAMQP

extension DeadLetterQueue {
    /// Looks at the letters in order and puts all back; says how far it is, and what it could not see.
    ///
    /// - Parameter visit: gets the letters, batch by batch, and returns whether to go on.
    func review(_ console: Console, _ visit: ([HeldLetter]) throws -> Bool) async throws {
        let readers = try await state().consumers
        try await read { reader in try await reader.review(console, readers: readers, visit) }
    }
}

extension DeadLetterReader {
    /// As ``DeadLetterQueue/review(_:_:)``, with the letters in hand.
    ///
    /// - Parameter readers: how many others read the queue.
    mutating func review(
        _ console: Console, readers: Int, _ visit: ([HeldLetter]) async throws -> Bool
    ) async throws {
        if readers > 0 { console.note("somebody else is looking at this queue: letters may be missing here") }
        var progress = Progress("reading", of: total, on: console)
        defer { progress.pause() }
        while case let batch = try await next(), !batch.isEmpty {
            guard try await visit(batch) else { return }
            progress.update(seen)
        }
        progress.pause()
        noteMissing(console)
    }

    /// Says what could not be seen.
    func noteMissing(_ console: Console) {
        if beyondLimit > 0 { console.note("looked at the first \(total) letters; \(beyondLimit) more are behind them") }
        if seen < total { console.note("\(total - seen) letters did not come: somebody else has them") }
    }
}
