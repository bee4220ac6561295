// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import AMQP

@Suite("A consume queue")
struct ConsumeQueueTests {
    private func deliveries(_ tags: ClosedRange<UInt64>, generation: UInt64) -> [AMQPDelivery] {
        tags.map { tag in
            AMQPDelivery(
                tag: .init(generation: generation, number: tag), exchange: "", routingKey: "", redelivered: false,
                properties: AMQPProperties(), hasOmittedHeaders: false, body: [])
        }
    }

    private func tags(_ next: ConsumeQueue<Int>.Next) -> [UInt64]? {
        guard case .deliveries(let deliveries) = next else { return nil }
        return deliveries.map(\.tag.number)
    }

    @Test("hands deliveries to those who wait, in order, and keeps the rest")
    func handsOut() throws {
        var queue = ConsumeQueue<Int>()
        let generation = queue.connected()
        #expect(tags(queue.next(id: 1, waiter: 1, maximum: 2)) == nil)
        #expect(tags(queue.next(id: 2, waiter: 2, maximum: 1)) == nil)
        let resolutions = try queue.delivered(deliveries(1...5, generation: generation))
        #expect(resolutions.map(\.waiter) == [1, 2])
        #expect(resolutions.map { $0.deliveries.map(\.tag.number) } == [[1, 2], [3]])
        #expect(tags(queue.next(id: 3, waiter: 3, maximum: 10)) == [4, 5])
    }

    @Test("forgets who was cancelled")
    func cancel() throws {
        var queue = ConsumeQueue<Int>()
        let generation = queue.connected()
        _ = queue.next(id: 1, waiter: 1, maximum: 1)
        _ = queue.next(id: 2, waiter: 2, maximum: 1)
        #expect(queue.cancel(id: 1) == 1)
        #expect(queue.cancel(id: 1) == nil)
        #expect(try queue.delivered(deliveries(1...1, generation: generation)).map(\.waiter) == [2])
    }

    @Test("drops what was not handed out when the connection is lost, and ignores its settlements")
    func generations() throws {
        var queue = ConsumeQueue<Int>()
        let first = queue.connected()
        _ = try queue.delivered(deliveries(1...3, generation: first))
        _ = queue.next(id: 1, waiter: 1, maximum: 1)
        queue.disconnected(AMQPError(.connectionLost, ""))
        #expect(queue.settle(.init(generation: first, number: 1), multiple: false, .acknowledge) == false)
        let second = queue.connected()
        #expect(second != first)
        _ = try queue.delivered(deliveries(1...1, generation: second))
        #expect(tags(queue.next(id: 2, waiter: 2, maximum: 10)) == [1])
        #expect(queue.settle(.init(generation: first, number: 1), multiple: true, .acknowledge) == false)
        #expect(queue.settle(.init(generation: second, number: 1), multiple: true, .acknowledge) == true)
    }

    @Test("keeps what was not handed out when the queue itself is gone")
    func keeps() throws {
        var queue = ConsumeQueue<Int>()
        _ = try queue.delivered(deliveries(1...2, generation: queue.connected()))
        queue.disconnected(AMQPError(.notFound, ""), keepsBuffer: true)
        #expect(tags(queue.next(id: 1, waiter: 1, maximum: 10)) == [1, 2])
    }

    @Test("withholds what was not handed out when it stops, and is drained once the rest is settled")
    func stop() throws {
        var queue = ConsumeQueue<Int>()
        let generation = queue.connected()
        _ = try queue.delivered(deliveries(1...3, generation: generation))
        _ = queue.next(id: 1, waiter: 1, maximum: 1)
        #expect(queue.stop().isEmpty)
        #expect(!queue.isDrained)
        #expect(tags(queue.next(id: 2, waiter: 2, maximum: 1)) == [])
        _ = try queue.delivered(deliveries(4...5, generation: generation))
        #expect(tags(queue.next(id: 3, waiter: 3, maximum: 1)) == [])
        #expect(!queue.isDrained)
        #expect(queue.settle(.init(generation: generation, number: 1), multiple: false, .acknowledge) == true)
        // The broker has to be told first.
        #expect(!queue.isDrained)
        let settlements = queue.takeSettlements()
        #expect(settlements.count == 1)
        #expect(queue.isDrained)
    }

    @Test("keeps what was not handed out when only the delivering stops, until the end")
    func stopDelivering() throws {
        var queue = ConsumeQueue<Int>()
        let generation = queue.connected()
        _ = queue.next(id: 1, waiter: 1, maximum: 1)
        #expect(queue.stopDelivering().map(\.waiter) == [1])
        #expect(try queue.delivered(deliveries(1...2, generation: generation)).isEmpty)
        #expect(tags(queue.next(id: 2, waiter: 2, maximum: 1)) == [])
        #expect(queue.unsettledCount == 2)
        #expect(!queue.isStopping)
        #expect(queue.stop().isEmpty)
        #expect(queue.isDrained)
    }

    @Test("ends the waiting of everybody when it stops")
    func stopWaiting() {
        var queue = ConsumeQueue<Int>()
        _ = queue.next(id: 1, waiter: 1, maximum: 1)
        #expect(queue.stop().map(\.waiter) == [1])
        #expect(queue.stop().isEmpty)
    }
}
