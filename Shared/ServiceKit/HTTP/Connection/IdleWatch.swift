// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import NIOCore

/// Since when a connection has been waiting for its client. A value that decides; ``ConnectionGuard`` has the timer.
///
/// While we do not ask for bytes, because we are busy with those that came or the client does not read our answer, it is
/// not the client who is silent.
struct IdleWatch {
    /// How long it may wait.
    var limit: TimeAmount
    private var isAsking = false
    private var quietSince: NIODeadline

    init(limit: TimeAmount, now: NIODeadline) {
        self.limit = limit
        quietSince = now
    }

    /// Bytes are asked for.
    mutating func ask(now: NIODeadline) {
        guard !isAsking else { return }
        isAsking = true
        quietSince = now
    }

    /// Bytes came; the next ones have to be asked for again.
    mutating func receive(now: NIODeadline) {
        isAsking = false
        quietSince = now
    }

    /// An answer has ended: the client may take its time for the next request.
    mutating func restart(now: NIODeadline) { quietSince = now }

    /// When to look next; `nil` when the client has been silent for too long.
    ///
    /// - Parameter isAwaited: whether it is the client's turn.
    func nextLook(isAwaited: Bool, now: NIODeadline) -> NIODeadline? {
        guard isAwaited, isAsking else { return now + limit }
        let end = quietSince + limit
        return end > now ? end : nil
    }
}
