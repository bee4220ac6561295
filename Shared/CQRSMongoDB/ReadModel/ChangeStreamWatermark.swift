// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import MongoDB
internal import Synchronization

/// Whether a change stream has told all that happened until it was last opened, or interrupted.
///
/// The stream itself knows that once the server has nothing more. Where something happens all the time that moment may
/// not come: then an event decides which is later than the time that the server gave after the opening, the watermark.
final class ChangeStreamWatermark: Sendable {
    private struct State {
        /// Counts the openings and interruptions.
        var round = 0
        /// Everything until then must have been told; `nil` until the server has said it.
        var time: BSONTimestamp?
        var isPassed = false
    }

    private let state = Mutex(State())
    /// A number for each time that the stream has something to catch up with: each wants a watermark.
    let rounds: AsyncStream<Int>
    private let continuation: AsyncStream<Int>.Continuation

    init() { (rounds, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    /// Whether all has been told.
    var isPassed: Bool { state.withLock { $0.isPassed } }

    /// Takes in a change of the stream's status.
    func note(_ status: MongoChangeStream.Status) {
        guard status != .open else { return }
        let round = state.withLock { state in
            state = State(round: state.round + 1)
            return state.round
        }
        if status == .catchingUp { continuation.yield(round) }
    }

    /// Sets the server's time, asked for after a round began; nothing if that round is over.
    func set(_ time: BSONTimestamp, in round: Int) {
        state.withLock { state in
            if state.round == round { state.time = time }
        }
    }

    /// Whether a round still lasts.
    func isPresent(_ round: Int) -> Bool { state.withLock { $0.round == round } }

    /// An event was told.
    func told(_ time: BSONTimestamp?) {
        guard let time else { return }
        state.withLock { state in
            if let watermark = state.time, time > watermark { state.isPassed = true }
        }
    }
}
