// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization

/// One call of ``AMQPPublisher/publish(_:)-([AMQPMessage])``: its messages, what became of each, and who waits.
///
/// However many messages there are, one continuation is resumed: when the last of them is settled. They settle on any
/// thread: the connection's, the watchdog's, that of a task which is cancelled.
final class PublishCall: Sendable {
    /// One message of a call, and so who waits for it in a ``PublishQueue``.
    struct Slot: Sendable {
        fileprivate let call: PublishCall
        /// The message's place in the caller's array.
        fileprivate let index: Int

        /// Says what became of the message: `nil` for confirmed. Once, and not under the queue's lock: a resumed task
        /// may run at once and publish again.
        func settle(_ outcome: AMQPError?) { call.settle(index, outcome) }
    }

    typealias Continuation = CheckedContinuation<[AMQPError?], Never>

    private struct State {
        /// Until a slot is settled its `nil` means nothing yet.
        var outcomes: [AMQPError?]
        var unsettled: Int
        var continuation: Continuation?
    }

    /// The messages to publish, in order, each with its place in the caller's array: those that break no limit.
    private let publications: [(index: Int, publication: Publication)]
    /// The number of the first in the publisher's ``PublishQueue``, 0 before they are there.
    private let firstID = Atomic<UInt64>(0)
    private let state: Mutex<State>

    /// Checks the messages. Those that break a limit are settled by that.
    init(_ messages: [AMQPMessage]) {
        var outcomes: [AMQPError?] = []
        var publications: [(index: Int, publication: Publication)] = []
        outcomes.reserveCapacity(messages.count)
        publications.reserveCapacity(messages.count)
        for (index, message) in messages.enumerated() {
            do throws(AMQPError) {
                publications.append((index, try Publication(message)))
                outcomes.append(nil)
            } catch {
                outcomes.append(error)
            }
        }
        self.publications = publications
        state = Mutex(State(outcomes: outcomes, unsettled: publications.count))
    }

    /// What the queue takes.
    var messages: [(publication: Publication, waiter: Slot)] {
        publications.map { ($0.publication, Slot(call: self, index: $0.index)) }
    }

    /// The messages' numbers in the queue, which follow each other; none before they are there. Under the queue's lock.
    var ids: Range<UInt64> {
        let first = firstID.load(ordering: .relaxed)
        return first..<(first == 0 ? 0 : first + UInt64(publications.count))
    }

    /// The queue has taken the messages. Under the queue's lock.
    func enqueued(firstID first: UInt64) { firstID.store(first, ordering: .relaxed) }

    /// Resumes the continuation with what became of each message, as soon as all are settled: at once, if they are.
    func wait(_ continuation: Continuation) {
        let outcomes = state.withLock { state -> [AMQPError?]? in
            guard state.unsettled > 0 else { return state.outcomes }
            state.continuation = continuation
            return nil
        }
        if let outcomes { continuation.resume(returning: outcomes) }
    }

    /// The queue has taken none of the messages.
    func refused(_ error: AMQPError) {
        for (index, _) in publications { settle(index, error) }
    }

    private func settle(_ index: Int, _ outcome: AMQPError?) {
        let end = state.withLock { state -> (continuation: Continuation, outcomes: [AMQPError?])? in
            state.outcomes[index] = outcome
            state.unsettled -= 1
            guard state.unsettled == 0, let continuation = state.continuation.take() else { return nil }
            return (continuation, state.outcomes)
        }
        if let end { end.continuation.resume(returning: end.outcomes) }
    }
}
