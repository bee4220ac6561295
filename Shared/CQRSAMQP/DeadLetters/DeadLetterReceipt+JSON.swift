// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
package import Essentials

extension DeadLetterReceipt {
    /// The outcome in one word, and what an operator should know besides.
    package var words: (outcome: String, detail: String?) {
        switch outcome {
        case .replayed(let queue): ("replayed", "to \(queue)")
        case .discarded: ("discarded", nil)
        case .noOrigin: ("refused", "it does not say which queue it came from; name one with --to QUEUE")
        case .foreignOrigin(let queue): ("refused", "it came from the queue \(queue); name one with --to QUEUE")
        case .notConfirmed(let queue, let error): ("failed", Self.reason(error, queue))
        case .notRemoved(let queue):
            ("failed", "it was replayed to \(queue), but is still a dead letter: the broker does not answer any more")
        case .inDoubt: ("failed", "it may be gone or not: the broker does not answer any more")
        case .heldBack: ("held-back", "an earlier letter failed")
        }
    }

    private static func reason(_ error: AMQPError, _ queue: String) -> String {
        switch error.code {
        case .unroutable: "there is no queue \(queue)"
        case .nacked: "the broker did not take it: is the queue \(queue) full?"
        case .blocked: "the broker takes no messages: it is short of memory or disk"
        case .accessRefused: "this user may not publish to \(queue)"
        case .connectionLost, .timedOut, .cancelled, .closed: "\(error); it may have been replayed all the same"
        case .connectionFailed, .authenticationRefused, .notFound, .preconditionFailed, .resourceLocked,
            .invalidArgument, .protocolViolation:
            "\(error)"
        }
    }

    /// As ``DeadLetterRecord/json``, with the outcome in front.
    package var json: JSONObject {
        var json = JSONObject()
        json.append("outcome", .string(words.outcome))
        json.append("detail", words.detail.map { .string($0) } ?? .null)
        for member in letter.json.members { json.append(member.name, member.value) }
        return json
    }
}
