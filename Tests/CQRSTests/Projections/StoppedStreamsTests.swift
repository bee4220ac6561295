// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRSTesting
import Testing

@testable import CQRS

@Suite("The streams that have stopped")
struct StoppedStreamsTests {
    let stopped = StoppedStreams()

    private func letter(_ stream: StreamID, _ version: Int64) -> DeadLetter {
        DeadLetter(
            EventDelivery(id: .init(1), event: .success(.count(stream, version, adding: 1))),
            MalformedEvent(.unknownSchema, "schema"))
    }

    @Test("are those with letters, each once, until their document gets to the first of these")
    func untilReached() {
        let (one, other) = (makeStream(), makeStream())
        stopped.add([letter(one, 4), letter(one, 3), letter(other, 1), letter(one, 5)])
        stopped.add([
            DeadLetter(EventDelivery(id: .init(2), event: .failure(.init(.notAnEvent, ""))), .init(.notAnEvent, ""))
        ])
        #expect(stopped.count == 2)
        stopped.reached(2, of: one)
        #expect(stopped.count == 2)
        stopped.reached(3, of: one)
        #expect(stopped.count == 1)
        stopped.reached(7, of: makeStream())
        #expect(stopped.next(10) == [other])
    }

    @Test("are no more than there is room for")
    func limit() {
        let streams = (0...StoppedStreams.limit).map { _ in makeStream() }
        stopped.add(streams.map { letter($0, 1) })
        #expect(stopped.count == StoppedStreams.limit)
    }

    @Test("are each looked at once in a round")
    func rounds() {
        let streams = Set((0..<25).map { _ in makeStream() })
        stopped.add(streams.map { letter($0, 1) })
        for _ in 0..<3 {
            let batches = (0..<3).map { _ in stopped.next(10) }
            #expect(batches.map(\.count) == [10, 10, 5])
            #expect(Set(batches.flatMap { $0 }) == streams)
        }
    }

    @Test("are none that somebody else has gone on with, or that have no event to be stopped at")
    func check() async throws {
        let (model, store) = (InMemoryReadModel<Count>(), InMemoryEventStore())
        let (waiting, goneOn, invented, ended) = (makeStream(), makeStream(), makeStream(), makeStream())
        for stream in [waiting, goneOn] { await store.append(makeHistory(of: stream, through: 3)) }
        await store.append(makeHistory(of: ended, through: 1))
        for (stream, version) in [(waiting, 1), (goneOn, 2), (ended, 1)] as [(StreamID, Int64)] {
            let document = Count(total: 0, version: version)
            _ = await model.write([ReadModelChange(stream: stream, baseVersion: 0, document: document)])
        }
        stopped.add([waiting, goneOn, invented, ended].map { letter($0, 2) })
        try await StoppedStreamsCheck(
            stopped: stopped, model: model, history: store, metrics: ProjectionMetrics(projection: "test")
        ).look()
        #expect(stopped.next(10) == [waiting])
    }
}
