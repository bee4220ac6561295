// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSAMQP
import Essentials
import Testing

@testable import AMQP
@testable import OperatorKit

@Suite("A receipt for a dead letter")
struct DeadLetterReceiptTests {
    private static let outcomes: [(DeadLetterReceipt.Outcome, word: String, detail: String?, isDone: Bool)] = [
        (.replayed(to: "q"), "replayed", "to q", true),
        (.discarded, "discarded", nil, true),
        (.noOrigin, "refused", "it does not say which queue it came from; name one with --to QUEUE", false),
        (.foreignOrigin("x"), "refused", "it came from the queue x; name one with --to QUEUE", false),
        (.notConfirmed(to: "q", AMQPError(.unroutable, "")), "failed", "there is no queue q", false),
        (
            .notConfirmed(to: "q", AMQPError(.nacked, "")), "failed",
            "the broker did not take it: is the queue q full?", false
        ),
        (
            .notConfirmed(to: "q", AMQPError(.connectionLost, "secret")), "failed",
            "AMQP connectionLost; it may have been replayed all the same", false
        ),
        (
            .notRemoved(to: "q"), "failed",
            "it was replayed to q, but is still a dead letter: the broker does not answer any more", false
        ),
        (.inDoubt, "failed", "it may be gone or not: the broker does not answer any more", false),
        (.heldBack, "held-back", "an earlier letter failed", false),
    ]

    @Test("names outcome and letter, for people and for programs", arguments: outcomes.indices)
    func text(index: Int) {
        let (outcome, word, detail, isDone) = Self.outcomes[index]
        let receipt = DeadLetterReceipt(record(1, 3), outcome)
        #expect(receipt.isDone == isDone)
        #expect(receipt.json["outcome"] == .string(word))
        #expect(receipt.json["detail"] == detail.map { .string($0) } ?? .null)
        #expect(receipt.json["id"] == .string(eventID(1, 3)))
        let line =
            "\(word)  \(eventID(1, 3))  stream=\(stream(1))  version=3  type=user.updated  reason=invalid-data  "
            + "failed-at=2026-03-01T12:00:01.000Z"
        #expect(receipt.line == line + (detail.map { ": \($0)" } ?? ""))
    }

    @Test("is counted: the exit status is 0 only when everything was done")
    func tally() throws {
        func status(
            _ outcomes: [DeadLetterReceipt.Outcome], expected: Int, ids: [String] = []
        ) throws -> (Int32, String) {
            let recorder = Recorder()
            var tally = DeadLetterTally(json: false, console: recorder.console)
            tally.expect(expected, ids: ids)
            try tally.add(outcomes.map { DeadLetterReceipt(record(1, 1), $0) })
            #expect(recorder.lines.count == outcomes.count)
            return (tally.finish("replayed"), recorder.errors)
        }
        #expect(try status([.discarded], expected: 1) == (0, "replayed 1 of 1 selected letters\n"))
        #expect(
            try status([.discarded, .noOrigin], expected: 2)
                == (1, "replayed 1 of 2 selected letters; 1 failed, refused or not found\n"))
        #expect(try status([.discarded], expected: 2).0 == 1)
        let (missing, text) = try status([], expected: 0, ids: ["x"])
        #expect(missing == 1)
        #expect(text.hasPrefix("no letter has the id x\n"))
    }
}
