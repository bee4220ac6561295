// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP

/// What became of a letter.
public struct DeadLetterReceipt: Sendable {
    /// See ``DeadLetterReceipt``.
    public enum Outcome: Sendable, Equatable {
        /// It was published to this queue, confirmed, and removed.
        case replayed(to: String)
        /// It was removed.
        case discarded
        /// It does not name a queue to replay it to.
        case noOrigin
        /// It came from a queue of somebody else's.
        case foreignOrigin(String)
        /// The broker did not confirm it. It may have been published all the same, and is still a dead letter.
        case notConfirmed(to: String, AMQPError)
        /// It was published to this queue and confirmed, but could not be removed: it is still a dead letter.
        case notRemoved(to: String)
        /// It was to be discarded, but the connection ended: it may be gone or not.
        case inDoubt
        /// Not tried, because an earlier letter of its stream failed, or the broker did not answer any more.
        case heldBack
    }

    /// The letter.
    public let letter: DeadLetterRecord
    /// What became of it.
    public let outcome: Outcome

    /// A receipt.
    public init(_ letter: DeadLetterRecord, _ outcome: Outcome) {
        self.letter = letter
        self.outcome = outcome
    }

    /// Whether what was asked for has happened.
    public var isDone: Bool {
        switch outcome {
        case .replayed, .discarded: true
        case .noOrigin, .foreignOrigin, .notConfirmed, .notRemoved, .inDoubt, .heldBack: false
        }
    }
}
