// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import MongoDB
internal import Synchronization

/// Whether a change stream has told all that happened until it was last opened.
///
/// The stream itself knows that once the server has nothing more. Where something happens all the time that moment may
/// not come: then an event decides which is later than the time that the server gave after the opening.
final class StreamCatchUp: Sendable {
    private struct State {
        /// Counts the openings and interruptions.
        var round = 0
        /// Everything until then must have been told.
        var target: BSONTimestamp?
        var isReached = false
    }

    private let state = Mutex(State())
    /// A number for each time that the stream begins to catch up.
    let rounds: AsyncStream<Int>
    private let continuation: AsyncStream<Int>.Continuation

    init() { (rounds, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    var isReached: Bool { state.withLock { $0.isReached } }

    /// Takes in a change of the stream's status.
    func note(_ status: MongoChangeStream.Status) {
        guard status != .open else { return }
        let round = state.withLock { state in
            state = State(round: state.round + 1)
            return state.round
        }
        if status == .catchingUp { continuation.yield(round) }
    }

    /// The server's time, asked for after a round began.
    ///
    /// - Returns: whether that round still lasts.
    @discardableResult
    func aim(at time: BSONTimestamp, in round: Int) -> Bool {
        state.withLock { state in
            guard state.round == round else { return false }
            state.target = time
            return true
        }
    }

    /// Whether a round still lasts.
    func isPresent(_ round: Int) -> Bool { state.withLock { $0.round == round } }

    /// An event was told.
    func told(_ time: BSONTimestamp?) {
        guard let time else { return }
        state.withLock { state in
            if let target = state.target, time > target { state.isReached = true }
        }
    }
}
