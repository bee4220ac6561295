// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import AMQP

@Suite("A call to publish")
struct PublishCallTests {
    private func message(_ routingKey: String = "k") -> AMQPMessage {
        AMQPMessage(exchange: "e", routingKey: routingKey, body: [])
    }

    private let tooLong = String(repeating: "x", count: 256)

    @Test("gives each message's outcome in its place, in whatever order they come", arguments: [false, true])
    func places(_ isReversed: Bool) async {
        let call = PublishCall([message(), message(tooLong), message(), message()])
        let outcomes = await withCheckedContinuation { continuation in
            call.wait(continuation)
            let errors = [nil, AMQPError(.nacked, ""), AMQPError(.unroutable, "")]
            let settled = Array(zip(call.messages, errors))
            for (message, error) in isReversed ? settled.reversed() : settled { message.waiter.settle(error) }
        }
        #expect(outcomes.map { $0?.code } == [nil, .invalidArgument, .nacked, .unroutable])
    }

    @Test("is over at once when no message is left to publish")
    func nothing() async {
        let none = await withCheckedContinuation { PublishCall([]).wait($0) }
        #expect(none == [])
        let invalid = await withCheckedContinuation { PublishCall([message(tooLong), message(tooLong)]).wait($0) }
        #expect(invalid.map { $0?.code } == [.invalidArgument, .invalidArgument])
    }

    @Test("takes outcomes from several threads at once, and resumes at the last")
    func threads() async {
        let count = 2000
        let call = PublishCall(Array(repeating: message(), count: count))
        let outcomes = await withCheckedContinuation { continuation in
            call.wait(continuation)
            let messages = call.messages
            DispatchQueue.concurrentPerform(iterations: 4) { thread in
                for index in stride(from: thread, to: count, by: 4) {
                    messages[index].waiter.settle(AMQPError(.nacked, replyCode: index, ""))
                }
            }
        }
        #expect(outcomes.map { $0?.replyCode } == Array(0..<count))
    }

    @Test("knows its numbers from the time when the queue has it")
    func numbers() {
        let call = PublishCall([message(), message(tooLong), message()])
        #expect(call.ids.isEmpty)
        call.enqueued(firstID: 7)
        #expect(call.ids == 7..<9)
    }
}
