// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Testing

@testable import OperatorConsole

@Suite("Looking at the event store")
struct WriteWatchTests {
    private let store = InMemoryEventStore()
    private let writer = WriterID()

    private func append(_ events: [RecordedEvent], from sequence: Int64) async {
        for (index, event) in events.enumerated() {
            let outcome = await store.append(
                EventAppend(Commit(event), writer: writer, sequence: sequence + Int64(index)))
            #expect(outcome == .appended)
        }
    }

    @Test("counts what was accepted and not published, and for how long the oldest waits")
    func backlog() async throws {
        let events = userEvents(5)
        await append(events, from: 1)
        await store.checkpoint(writer, RelayProgress(revision: 1, published: 3, setAside: [2]))
        var watch = WriteWatch(store)
        let figures = try await watch.look()
        #expect(figures.backlog == 2)
        #expect(figures.setAside == 1)
        #expect(figures.oldest == events[3].recordedAt)
        #expect(figures.writers == 1)
    }

    @Test("tells a rate from what has come between looks, whoever wrote it")
    func rate() async throws {
        let begun = ContinuousClock.now
        await store.checkpoint(writer, RelayProgress(published: 0))
        await append(userEvents(3), from: 1)
        var watch = WriteWatch(store)
        #expect(try await watch.look(now: begun).commitsPerSecond == 0)
        await append(userEvents(10), from: 4)
        #expect(try await watch.look(now: begun + .seconds(2)).commitsPerSecond == 5)
        // A writer that comes up meanwhile has written all of it meanwhile.
        let other = WriterID()
        await store.checkpoint(other, RelayProgress(published: 0))
        for (index, event) in userEvents(10).enumerated() {
            _ = await store.append(EventAppend(Commit(event), writer: other, sequence: Int64(index + 1)))
        }
        #expect(try await watch.look(now: begun + .seconds(4)).commitsPerSecond == 5)
        // One that ends in order takes nothing back.
        await store.remove(writer)
        #expect(try await watch.look(now: begun + .seconds(5)).commitsPerSecond == 4)
    }

    @Test("shows the newest commits, and neither whose they are nor what they say")
    func recent() async throws {
        await store.checkpoint(writer, RelayProgress(published: 0))
        let events = userEvents(30)
        await append(events, from: 1)
        var watch = WriteWatch(store)
        let recent = try await watch.look().recent
        #expect(recent.map(\.version) == (11...30).reversed())
        var json = JSONWriter()
        for commit in recent.prefix(1) { commit.write(to: &json) }
        let text = String(decoding: json.bytes, as: UTF8.self)
        #expect(text.contains("user.updated"))
        #expect(!text.contains(events[0].stream.entity) && !text.contains("Ada"))
    }
}
