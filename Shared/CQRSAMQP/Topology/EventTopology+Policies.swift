// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials

extension EventTopology {
    /// The policies for what does not belong to a read model.
    public static let exchangePolicies: [BrokerPolicy] = [
        // An event for which no queue is bound is kept instead of dropped.
        BrokerPolicy(exchange, on: .exchanges, ["alternate-exchange": .string(unrouted)]),
        BrokerPolicy(
            unrouted, on: .queues,
            ["max-length": 100_000, "max-length-bytes": 134_217_728, "overflow": "reject-publish"]),
    ]

    /// The policies for the queues of one read model.
    public static func policies(of readModel: String) -> [BrokerPolicy] {
        let queue = queue(of: readModel)
        let dead = deadLetterQueue(of: queue)
        let retries = retryDelays.map { delay in
            BrokerPolicy(
                retryQueue(of: queue, after: delay), on: .queues,
                deadLetters(to: queue).merging([
                    "message-ttl": .number(JSONNumber(delay.components.seconds * 1000))
                ]) { $1 })
        }
        return [
            BrokerPolicy(
                queue, on: .queues, forGenerations: true, deadLetters(to: dead).merging(["delivery-limit": 20]) { $1 }),
            BrokerPolicy(dead, on: .queues, ["delivery-limit": .number(JSONNumber(browsingLimit))]),
        ] + retries
    }

    /// How often a dead letter may be looked at.
    ///
    /// Looking is taking and giving back, which a quorum queue counts. It needs a limit that nobody reaches, for without
    /// one RabbitMQ 4 takes 20 and then drops the message, and returns go to the tail of the queue instead of their
    /// place (`rabbit_fifo:handle_aux`, from 3.10 on). From 4.0 on -1 would do as well, but 3.10 refuses it.
    private static let browsingLimit = 1_000_000_000

    /// A message leaves its queue only after the other one has confirmed it; that requires this `overflow`
    /// (RabbitMQ, "Quorum Queues", "Activating at-least-once dead-lettering").
    private static func deadLetters(to queue: String) -> [String: JSONValue] {
        [
            "dead-letter-exchange": "", "dead-letter-routing-key": .string(queue),
            "dead-letter-strategy": "at-least-once", "overflow": "reject-publish",
        ]
    }
}
