// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import AMQP

/// A queue whose waiters are numbers, and a clock that stands still.
private struct Fixture {
    var queue: PublishQueue<Int>
    let start = ContinuousClock.now
    private var lastWaiter = 0

    init(messages: Int = 100, bytes: Int = 1 << 20, isConnected: Bool = true) {
        queue = PublishQueue(windowMessages: messages, windowBytes: bytes, confirmTimeout: .seconds(10))
        if isConnected { queue.connected(frameMaximum: 131_072) }
    }

    /// Adds messages named by their waiters 1, 2, 3 …, each a call of its own; returns whether the last one must wake
    /// the connection.
    @discardableResult
    mutating func enqueue(_ count: Int = 1, size: Int = 10, exchange: String = "e") throws -> Bool {
        var mustWake = false
        for _ in 0..<count { mustWake = try enqueueCall(1, size: size, exchange: exchange).mustWake }
        return mustWake
    }

    /// Adds the messages of one call.
    mutating func enqueueCall(
        _ count: Int, size: Int = 10, exchange: String = "e"
    ) throws -> (ids: Range<UInt64>, mustWake: Bool) {
        let deadline = start + .seconds(lastWaiter + 1)
        var messages: [(publication: Publication, waiter: Int)] = []
        for _ in 0..<count {
            lastWaiter += 1
            let message = AMQPMessage(
                exchange: exchange, routingKey: "k", properties: AMQPProperties(messageID: "m\(lastWaiter)"),
                body: Array(repeating: 0, count: size))
            messages.append((try Publication(message), lastWaiter))
        }
        switch queue.enqueue(messages, deadline: deadline) {
        case .accepted(let firstID, let mustWake): return (firstID..<firstID + UInt64(count), mustWake)
        case .refused(let error): throw error
        }
    }

    /// The caller of this message gives up.
    mutating func cancel(_ id: UInt64) -> [Int] { queue.cancel(id..<id + 1) }

    /// The identifiers of the messages to publish now.
    mutating func publish(bytes: Int = .max, messages: Int = .max, after time: Duration = .zero) -> [String] {
        queue.nextBatch(maximumBytes: bytes, maximumMessages: messages, now: start + time).publications.map {
            $0.message.properties.messageID ?? ""
        }
    }

    mutating func apply(_ event: PublishQueue<Int>.Event, after time: Duration = .zero) throws -> [Answer] {
        var resolutions: [PublishQueue<Int>.Resolution] = []
        try queue.apply(event, now: start + time, &resolutions)
        return resolutions.map(Answer.init)
    }

    mutating func ack(_ tag: UInt64, multiple: Bool = false) throws -> [Answer] {
        try apply(.confirm(tag: tag, multiple: multiple, taken: true))
    }
}

private struct Answer: Equatable {
    let waiter: Int
    let error: AMQPError.Code?

    init(_ waiter: Int, _ error: AMQPError.Code? = nil) { (self.waiter, self.error) = (waiter, error) }
    init(_ resolution: PublishQueue<Int>.Resolution) { self.init(resolution.waiter, resolution.error?.code) }
}

@Suite("A publish queue")
struct PublishQueueTests {
    @Test("lets the first message after a pause wake the connection, and no other")
    func wakes() throws {
        var fixture = Fixture()
        // The connection has just been made and looks for work once before it waits.
        let finds1 = fixture.queue.prepareBatch()
        #expect(!finds1)
        let wakes4 = try fixture.enqueue()
        #expect(wakes4)
        let wakes5 = try fixture.enqueue()
        #expect(!wakes5)
        let hasWork = fixture.queue.prepareBatch()
        #expect(hasWork)
        #expect(fixture.publish() == ["m1", "m2"])
        let finds2 = fixture.queue.prepareBatch()
        #expect(!finds2)
        let wakes6 = try fixture.enqueue()
        #expect(wakes6)
        // The last one pending gives up before the connection takes it.
        let waiters = fixture.cancel(3)
        #expect(waiters == [3])
        let finds3 = fixture.queue.prepareBatch()
        #expect(!finds3)
        let wakes7 = try fixture.enqueue()
        #expect(wakes7)
    }

    @Test("publishes in order of arrival, and answers each caller at its confirm")
    func order() throws {
        var fixture = Fixture()
        try fixture.enqueue(3)
        #expect(fixture.publish() == ["m1", "m2", "m3"])
        #expect(fixture.publish() == [])
        #expect(try fixture.ack(2) == [Answer(2)])
        #expect(try fixture.ack(1) == [Answer(1)])
        #expect(try fixture.ack(3) == [Answer(3)])
        #expect(fixture.queue.isDrained)
    }

    @Test("takes a multiple confirm for all outstanding up to it")
    func multiple() throws {
        var fixture = Fixture()
        try fixture.enqueue(5)
        _ = fixture.publish()
        #expect(try fixture.ack(2) == [Answer(2)])
        #expect(try fixture.ack(4, multiple: true) == [Answer(1), Answer(3), Answer(4)])
        #expect(try fixture.ack(0, multiple: true) == [Answer(5)])
    }

    @Test("gives a channel up that takes nothing for ten seconds, and keeps one that takes something in between")
    func takesNothing() throws {
        var fixture = Fixture()
        try fixture.enqueue(8)
        _ = fixture.publish()
        func refuse(_ tag: UInt64, after seconds: Int) throws -> [Answer] {
            try fixture.apply(.confirm(tag: tag, multiple: false, taken: false), after: .seconds(seconds))
        }
        _ = try refuse(1, after: 0)
        #expect(try refuse(2, after: 9) == [Answer(2, .nacked)])
        _ = try fixture.apply(.confirm(tag: 3, multiple: false, taken: true), after: .seconds(9))
        _ = try refuse(4, after: 10)
        _ = try refuse(5, after: 19)
        let error = #expect(throws: AMQPError.self) { _ = try refuse(6, after: 20) }
        #expect(error?.code == .connectionLost)
        // The next channel has as long.
        fixture.queue.disconnected(error)
        fixture.queue.connected(frameMaximum: 131_072)
        #expect(fixture.publish() == ["m7", "m8"])
        _ = try refuse(1, after: 21)
    }

    @Test("takes a negative confirm as such, with multiple too")
    func negative() throws {
        var fixture = Fixture()
        try fixture.enqueue(3)
        _ = fixture.publish()
        #expect(try fixture.apply(.confirm(tag: 1, multiple: true, taken: false)) == [Answer(1, .nacked)])
        #expect(
            try fixture.apply(.confirm(tag: 3, multiple: true, taken: false)) == [
                Answer(2, .nacked), Answer(3, .nacked),
            ])
    }

    @Test("ignores a confirm that comes twice")
    func twice() throws {
        var fixture = Fixture()
        try fixture.enqueue(3)
        _ = fixture.publish()
        _ = try fixture.ack(2)
        #expect(try fixture.ack(2) == [])
        _ = try fixture.ack(1)
        #expect(try fixture.ack(1, multiple: true) == [])
    }

    @Test("refuses a confirm of what was never published", arguments: [3, 4, .max] as [UInt64])
    func unknownTag(_ tag: UInt64) throws {
        var fixture = Fixture()
        try fixture.enqueue(2)
        _ = fixture.publish()
        #expect(throws: AMQPError.self) { try fixture.ack(tag, multiple: true) }
        #expect(throws: AMQPError.self) { try fixture.ack(0) }
    }

    @Test("answers a returned message with the broker's code at its confirm")
    func returned() throws {
        var fixture = Fixture()
        try fixture.enqueue(2)
        _ = fixture.publish()
        #expect(try fixture.apply(.returned(messageID: "m2", replyCode: 312)) == [])
        #expect(try fixture.ack(2, multiple: true) == [Answer(1), Answer(2, .unroutable)])
    }

    @Test("takes returns of equal identifiers in the order of publishing")
    func equalIdentifiers() throws {
        var fixture = Fixture()
        let message = AMQPMessage(
            exchange: "e", routingKey: "k", properties: AMQPProperties(messageID: "same"), body: [])
        let messages = try (1...3).map { (publication: try Publication(message), waiter: $0) }
        _ = fixture.queue.enqueue(messages, deadline: fixture.start)
        _ = fixture.publish()
        _ = try fixture.ack(1)
        _ = try fixture.apply(.returned(messageID: "same", replyCode: 312))
        #expect(try fixture.ack(3, multiple: true) == [Answer(2, .unroutable), Answer(3)])
    }

    @Test("finds a returned message also where returns do not come in order, and on the next connection")
    func returnedInAnyOrder() throws {
        var fixture = Fixture()
        try fixture.enqueue(5)
        _ = fixture.publish()
        for identifier in ["m4", "m2", "unknown", "m2", "m5"] {
            _ = try fixture.apply(.returned(messageID: identifier, replyCode: 312))
        }
        _ = try fixture.ack(1)
        #expect(
            try fixture.ack(4, multiple: true) == [Answer(2, .unroutable), Answer(3), Answer(4, .unroutable)])
        fixture.queue.disconnected(nil)
        fixture.queue.connected(frameMaximum: 131_072)
        try fixture.enqueue(1)
        #expect(fixture.publish() == ["m5", "m6"])
        _ = try fixture.apply(.returned(messageID: "m5", replyCode: 312))
        #expect(try fixture.ack(2, multiple: true) == [Answer(5, .unroutable), Answer(6)])
    }

    @Test("keeps to the window of messages")
    func messageWindow() throws {
        var fixture = Fixture(messages: 2)
        try fixture.enqueue(4)
        #expect(fixture.publish() == ["m1", "m2"])
        #expect(!fixture.queue.hasSendable)
        _ = try fixture.ack(2)
        #expect(fixture.queue.hasSendable)
        #expect(fixture.publish() == ["m3"])
        _ = try fixture.ack(3, multiple: true)
        #expect(fixture.publish() == ["m4"])
    }

    @Test("keeps to the window of bytes, but lets a larger message go alone")
    func byteWindow() throws {
        var fixture = Fixture(bytes: 300)
        try fixture.enqueue(2, size: 100)
        try fixture.enqueue(1, size: 1000)
        try fixture.enqueue(1, size: 10)
        #expect(fixture.publish() == ["m1", "m2"])
        _ = try fixture.ack(1)
        #expect(fixture.publish() == [])
        _ = try fixture.ack(2)
        #expect(fixture.publish() == ["m3"])
        #expect(fixture.publish() == [])
        _ = try fixture.ack(3)
        #expect(fixture.publish() == ["m4"])
    }

    @Test("gives batches of the size asked for")
    func batches() throws {
        var fixture = Fixture()
        try fixture.enqueue(5, size: 100)
        #expect(fixture.publish(messages: 2) == ["m1", "m2"])
        #expect(fixture.publish(bytes: 1) == ["m3"])
        #expect(fixture.publish() == ["m4", "m5"])
    }

    @Test("publishes the unconfirmed again after a lost connection, in order and before the others")
    func again() throws {
        var fixture = Fixture()
        try fixture.enqueue(4)
        #expect(fixture.publish(messages: 3) == ["m1", "m2", "m3"])
        _ = try fixture.ack(2)
        _ = try fixture.apply(.returned(messageID: "m3", replyCode: 312))
        fixture.queue.disconnected(AMQPError(.connectionLost, ""))
        #expect(fixture.publish() == [])
        fixture.queue.connected(frameMaximum: 131_072)
        #expect(fixture.publish() == ["m1", "m3", "m4"])
        // Tags start again at 1, and what was returned before may be routed now.
        #expect(try fixture.ack(3, multiple: true) == [Answer(1), Answer(3), Answer(4)])
    }

    @Test("never publishes what its caller gave up before it was written, and not again what was given up later")
    func cancelled() throws {
        var fixture = Fixture()
        try fixture.enqueue(4)
        #expect(fixture.cancel(2) == [2])
        #expect(fixture.cancel(2) == [])
        #expect(fixture.publish(messages: 2) == ["m1", "m3"])
        #expect(fixture.cancel(3) == [3])
        #expect(fixture.cancel(9) == [])
        fixture.queue.disconnected(nil)
        fixture.queue.connected(frameMaximum: 131_072)
        #expect(fixture.publish() == ["m1", "m4"])
    }

    @Test("counts confirms right when a caller has given up in between")
    func confirmOfCancelled() throws {
        var fixture = Fixture()
        try fixture.enqueue(3)
        _ = fixture.publish()
        _ = fixture.cancel(2)
        #expect(try fixture.ack(3, multiple: true) == [Answer(1), Answer(3)])
        #expect(fixture.queue.isDrained)
    }

    @Test("takes the messages of a call together: in order, under numbers in a row, with one wake")
    func call() throws {
        var fixture = Fixture()
        let findsWork = fixture.queue.prepareBatch()
        #expect(!findsWork)
        let nothing = try fixture.enqueueCall(0)
        #expect(!nothing.mustWake)
        let first = try fixture.enqueueCall(3)
        #expect(first.ids == 1..<4)
        #expect(first.mustWake)
        let second = try fixture.enqueueCall(2)
        #expect(second.ids == 4..<6)
        #expect(!second.mustWake)
        #expect(fixture.publish() == ["m1", "m2", "m3", "m4", "m5"])
    }

    @Test("cancels a call that is half published: the rest is never published, nor any of it again")
    func cancelledCall() throws {
        var fixture = Fixture()
        try fixture.enqueue()
        let call = try fixture.enqueueCall(5)
        try fixture.enqueue()
        #expect(fixture.publish(messages: 4) == ["m1", "m2", "m3", "m4"])
        #expect(try fixture.ack(3) == [Answer(3)])
        // The confirmed one has its answer.
        #expect(fixture.queue.cancel(call.ids) == [2, 4, 5, 6])
        #expect(fixture.queue.cancel(call.ids) == [])
        #expect(!fixture.queue.isDrained)
        #expect(fixture.publish() == ["m7"])
        fixture.queue.disconnected(nil)
        fixture.queue.connected(frameMaximum: 131_072)
        #expect(fixture.publish() == ["m1", "m7"])
        #expect(try fixture.ack(2, multiple: true) == [Answer(1), Answer(7)])
        #expect(fixture.queue.isDrained)
    }

    @Test("cancels nobody by an empty range, as of a call that is not in the queue yet")
    func cancelledTooEarly() throws {
        var fixture = Fixture()
        try fixture.enqueue(3)
        _ = fixture.publish(messages: 1)
        #expect(fixture.queue.cancel(0..<0) == [])
        #expect(fixture.publish() == ["m2", "m3"])
    }

    @Test("ends the waiting of a whole call at once, in flight or not")
    func expiredCall() throws {
        var fixture = Fixture()
        _ = try fixture.enqueueCall(3)
        try fixture.enqueue()
        _ = fixture.publish(messages: 2)
        let (expired, next) = fixture.queue.expire(now: fixture.start + .seconds(1))
        #expect(expired.map(Answer.init) == [Answer(1, .timedOut), Answer(2, .timedOut), Answer(3, .timedOut)])
        #expect(next == fixture.start + .seconds(4))
        #expect(fixture.publish() == ["m4"])
    }

    @Test("ends the waiting of those whose time is over, with the reason")
    func expiry() throws {
        var fixture = Fixture()
        try fixture.enqueue(4)
        _ = fixture.publish(messages: 2)
        var (expired, next) = fixture.queue.expire(now: fixture.start + .seconds(1))
        #expect(expired.map(Answer.init) == [Answer(1, .timedOut)])
        #expect(next == fixture.start + .seconds(2))
        _ = try fixture.apply(.blocked(reason: "memory"))
        (expired, next) = fixture.queue.expire(now: fixture.start + .seconds(3))
        #expect(expired.map(Answer.init) == [Answer(2, .blocked), Answer(3, .blocked)])
        #expect(next == fixture.start + .seconds(4))
        fixture.queue.disconnected(AMQPError(.authenticationRefused, ""))
        (expired, next) = fixture.queue.expire(now: fixture.start + .seconds(4))
        #expect(expired.map(Answer.init) == [Answer(4, .authenticationRefused)])
        #expect(next == nil)
    }

    @Test("publishes nothing while blocked")
    func blocked() throws {
        var fixture = Fixture()
        try fixture.enqueue()
        _ = try fixture.apply(.blocked(reason: "disk"))
        #expect(fixture.queue.status == .blocked(reason: "disk", since: fixture.start))
        _ = try fixture.apply(.blocked(reason: "memory"), after: .seconds(1))
        #expect(fixture.queue.status == .blocked(reason: "memory", since: fixture.start))
        #expect(!fixture.queue.hasSendable)
        #expect(fixture.publish() == [])
        _ = try fixture.apply(.unblocked)
        #expect(fixture.queue.status == .connected)
        #expect(fixture.publish() == ["m1"])
    }

    @Test("finds the message that the broker closes the channel over, by publishing the suspects alone")
    func suspects() throws {
        var fixture = Fixture()
        let refusal = AMQPError(.preconditionFailed, replyCode: 406, "")
        try fixture.enqueue(3)
        _ = fixture.publish()
        #expect(fixture.queue.channelClosed(refusal).map(Answer.init) == [])
        try fixture.enqueue(2)
        fixture.queue.connected(frameMaximum: 131_072)
        #expect(fixture.publish() == ["m1"])
        #expect(fixture.publish() == [])
        #expect(try fixture.ack(1) == [Answer(1)])
        #expect(fixture.publish() == ["m2"])
        #expect(fixture.queue.channelClosed(refusal).map(Answer.init) == [Answer(2, .preconditionFailed)])
        fixture.queue.connected(frameMaximum: 131_072)
        #expect(fixture.publish() == ["m3"])
        _ = try fixture.ack(1)
        // The others are above suspicion.
        #expect(fixture.publish() == ["m4", "m5"])
    }

    @Test("answers all messages for a missing exchange once one has shown that it is missing")
    func missingExchange() throws {
        var fixture = Fixture()
        try fixture.enqueue(1, exchange: "missing")
        _ = fixture.publish()
        try fixture.enqueue(1)
        try fixture.enqueue(1, exchange: "missing")
        let answers = fixture.queue.channelClosed(AMQPError(.notFound, replyCode: 404, "")).map(Answer.init)
        #expect(answers == [Answer(1, .notFound), Answer(3, .notFound)])
        fixture.queue.connected(frameMaximum: 131_072)
        #expect(fixture.publish() == ["m2"])
    }

    @Test(
        "gives a connection up on which a confirm is overdue, whether anybody waits for it or not, and says so until one comes"
    )
    func overdue() throws {
        var fixture = Fixture()
        try fixture.enqueue(2)
        #expect(fixture.publish(after: .seconds(1)) == ["m1", "m2"])
        _ = try fixture.ack(2)
        _ = fixture.cancel(1)
        #expect(fixture.queue.expire(now: fixture.start).next == fixture.start + .seconds(11))
        #expect(fixture.queue.isConfirmOverdue(now: fixture.start + .seconds(10)) == false)
        #expect(fixture.queue.isConfirmOverdue(now: fixture.start + .seconds(11)) == true)
        fixture.queue.disconnected(AMQPError(.connectionLost, "cut"))
        #expect(fixture.queue.status == .connecting(lastError: AMQPError(.timedOut, "no confirm from the broker")))
        fixture.queue.disconnected(AMQPError(.connectionFailed, "refused"))
        #expect(fixture.queue.status == .connecting(lastError: AMQPError(.connectionFailed, "refused")))
        fixture.queue.connected(frameMaximum: 131_072)
        #expect(fixture.queue.status == .unconfirmed)
        #expect(fixture.queue.isConfirmOverdue(now: fixture.start + .seconds(100)) == false)
        try fixture.enqueue()
        #expect(fixture.publish(after: .seconds(20)) == ["m3"])
        #expect(try fixture.ack(1) == [Answer(3)])
        #expect(fixture.queue.status == .connected)
    }

    @Test("expects no confirm while the broker takes nothing, and then anew")
    func overdueAfterAlarm() throws {
        var fixture = Fixture()
        try fixture.enqueue()
        _ = fixture.publish()
        _ = try fixture.apply(.blocked(reason: "memory"), after: .seconds(1))
        #expect(fixture.queue.isConfirmOverdue(now: fixture.start + .seconds(100)) == false)
        _ = try fixture.apply(.unblocked, after: .seconds(100))
        #expect(fixture.queue.isConfirmOverdue(now: fixture.start + .seconds(109)) == false)
        #expect(fixture.queue.isConfirmOverdue(now: fixture.start + .seconds(110)) == true)
    }

    @Test("keeps a bounded number of messages behind one that is never confirmed, confirmed or not")
    func boundedTable() throws {
        var fixture = Fixture(messages: 2)
        try fixture.enqueue(100)
        var tag: UInt64 = 0
        var published = 0
        while true {
            let batch = fixture.publish(messages: 1)
            guard !batch.isEmpty else { break }
            published += 1
            tag += 1
            if tag > 1 { _ = try fixture.ack(tag) }
        }
        #expect(published == 32)
        // And goes on once it is.
        _ = try fixture.ack(1)
        #expect(fixture.publish(messages: 1) == ["m33"])
    }

    @Test("refuses properties larger than the frames of this connection")
    func frameMaximum() throws {
        var fixture = Fixture(isConnected: false)
        fixture.queue.connected(frameMaximum: 24)
        try fixture.enqueue()
        let batch = fixture.queue.nextBatch(maximumBytes: .max, maximumMessages: .max, now: fixture.start)
        #expect(batch.publications.isEmpty)
        #expect(batch.refused.map(Answer.init) == [Answer(1, .invalidArgument)])
        #expect(fixture.queue.isDrained)
    }

    @Test("takes nothing more when stopping, and answers everybody at the end")
    func end() throws {
        var fixture = Fixture()
        try fixture.enqueue(3)
        _ = fixture.publish(messages: 2)
        fixture.queue.stop()
        #expect(throws: AMQPError.self) { try fixture.enqueue() }
        #expect(try fixture.ack(1) == [Answer(1)])
        #expect(!fixture.queue.isDrained)
        #expect(fixture.queue.close().map(Answer.init) == [Answer(2, .closed), Answer(3, .closed)])
        #expect(fixture.queue.isDrained)
    }

    @Test("answers every caller exactly once, whatever happens in whatever order", arguments: 0..<20)
    func random(_ seed: Int) throws {
        var generator = SplitMix(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1)
        var fixture = Fixture(messages: 8, bytes: 2000)
        var answered: [Int: Int] = [:]
        func note(_ answers: [Answer]) { for answer in answers { answered[answer.waiter, default: 0] += 1 } }
        var (enqueued, published) = (0, 0)
        for _ in 0..<2000 {
            switch Int.random(in: 0..<12, using: &generator) {
            case 0...3:
                let count = Int.random(in: 0...3, using: &generator)
                _ = try fixture.enqueueCall(count, size: .random(in: 0..<600, using: &generator))
                enqueued += count
            case 4...6:
                published += fixture.publish(messages: .random(in: 1...4, using: &generator)).count
            case 7, 8:
                guard published > 0 else { continue }
                let tag = UInt64.random(in: 1...UInt64(published), using: &generator)
                let multiple = Bool.random(using: &generator)
                note(try fixture.apply(.confirm(tag: tag, multiple: multiple, taken: .random(using: &generator))))
            case 9:
                guard enqueued > 0 else { continue }
                let first = UInt64.random(in: 1...UInt64(enqueued), using: &generator)
                let count = UInt64.random(in: 0...3, using: &generator)
                note(fixture.queue.cancel(first..<first + count).map { Answer($0) })
            case 10:
                fixture.queue.disconnected(nil)
                fixture.queue.connected(frameMaximum: 131_072)
                published = 0
            default:
                let error = AMQPError(.preconditionFailed, "")
                note(fixture.queue.channelClosed(error).map(Answer.init))
                fixture.queue.connected(frameMaximum: 131_072)
                published = 0
            }
        }
        note(fixture.queue.close().map(Answer.init))
        #expect(answered.count == enqueued)
        #expect(answered.values.allSatisfy { $0 == 1 })
    }
}

private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
