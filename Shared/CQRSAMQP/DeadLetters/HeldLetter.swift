// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP

/// A letter that was taken from its queue and goes back there unless it is removed.
public struct HeldLetter: Sendable {
    /// The letter.
    public let record: DeadLetterRecord
    /// What to acknowledge.
    let delivery: AMQPDelivery
}
