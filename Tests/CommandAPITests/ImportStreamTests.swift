// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Foundation
import HTTPTestSupport
import NIOCore
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@Suite("An import as a stream", .timeLimit(.minutes(2)))
struct ImportStreamTests {
    @Test("answers a line before the next one is sent, for longer than a request may otherwise take to arrive")
    func dialogue() async throws {
        try await LiveCommandAPI.run { api in
            let (body, lines) = AsyncStream.makeStream(of: ByteBuffer.self)
            let start = ContinuousClock.now
            let answer = try await api.importing(streaming: body)
            #expect(answer.status == 200)
            var results = answer.lines.makeAsyncIterator()
            for number in 1...4 {
                // The limit for requests is 1.5 s here: time itself is what is tested with.
                try await Task.sleep(for: .milliseconds(600))
                lines.yield(line(number))
                let result = try ImportResult(try #require(try await results.next()))
                #expect(result.line == number)
                #expect(result.status == 202)
            }
            #expect(ContinuousClock.now - start > .seconds(2))
            lines.finish()
            #expect(try await results.next() == nil)
        }
    }

    @Test("of 20,000 lines is answered in order, with at most 64 under way")
    func many() async throws {
        let count = 20_000
        let gate = Gate()
        let store = TestEventStore { _ in
            await gate.pass()
            return nil
        }
        try await LiveCommandAPI.run(store: store) { api in
            defer { gate.open() }
            let answer = try await api.importing(streaming: Lines(1...count))
            // All of it could be here, but no more is begun.
            try await eventually("64 under way") { store.appending == 64 }
            gate.open()
            var next = 1
            for try await text in answer.lines {
                let result = try ImportResult(text)
                #expect(result.line == next && result.status == 202)
                next += 1
            }
            #expect(next == count + 1)
            #expect(store.mostAppending == 64)
            #expect(await store.allEvents().count == count)
        }
    }

    @Test("shares with others what may be under way, waits for its turn, and leaves room for commands")
    func manyImports() async throws {
        let gate = Gate()
        let store = TestEventStore { append in
            if append.urgency == .bulk { await gate.pass() }
            return nil
        }
        try await LiveCommandAPI.run(store: store) { api in
            try await withThrowingTaskGroup(of: [Int].self) { group in
                defer { gate.open() }
                for number in 0..<8 {
                    let lines = (1...256).map { #"{"name":"A","email":"a\#($0)@b\#(number).org"}"# }
                    group.addTask { try await api.importing(lines.joined(separator: "\n")).map(\.status) }
                }
                try await eventually("the imports' share is under way") { store.appending == 256 }
                for number in 0..<10 { #expect(try await api.register("single\(number)@x.org").status == 202) }
                gate.open()
                for try await statuses in group { #expect(statuses == Array(repeating: 202, count: 256)) }
            }
            #expect(store.mostAppending <= 257)
        }
    }

    @Test("goes on after the store was slow for longer than a client may be silent")
    func slowStore() async throws {
        let gate = Gate()
        let store = TestEventStore { _ in
            await gate.pass()
            return nil
        }
        try await LiveCommandAPI.run(settings: ["HTTP_IDLE_TIMEOUT_MS": "1000"], store: store) { api in
            defer { gate.open() }
            // Too much to be read before it is worked on, so that the rest waits to be asked for.
            let answer = try await api.importing(streaming: Lines(1...50_000))
            try await eventually("64 under way") { store.appending == 64 }
            // Here time itself is what is tested with.
            try await Task.sleep(for: .seconds(3))
            gate.open()
            var count = 0
            for try await _ in answer.lines.prefix(5000) { count += 1 }
            #expect(count == 5000)
        }
    }

    @Test("ends when its client is silent")
    func silence() async throws {
        try await LiveCommandAPI.run(settings: ["HTTP_IDLE_TIMEOUT_MS": "2000"]) { api in
            let text = try await within(.seconds(20)) {
                try await RawConnection.open(port: api.port) { connection in
                    try await connection.send(head + chunk(#"{"name":"A","email":"a@x.org"}"# + "\n"))
                    return try await connection.readToEnd()
                }
            }
            #expect(text.contains(#"{"line":1,"status":202"#))
            // The end of the chunked encoding would say that this was all.
            #expect(!text.hasSuffix("0\r\n\r\n"))
        }
    }

    @Test("answers what came before its body broke off, and does not pretend that this was all")
    func brokenOff() async throws {
        try await LiveCommandAPI.run { api in
            let text = try await within(.seconds(20)) {
                try await RawConnection.open(port: api.port) { connection in
                    try await connection.send(
                        head + chunk(#"{"name":"A","email":"a@x.org"}"# + "\n" + #"{"name":"B","email":"#))
                    connection.finish()
                    return try await connection.readToEnd()
                }
            }
            #expect(text.hasPrefix("HTTP/1.1 200"))
            #expect(text.contains(#"{"line":1,"status":202"#))
            #expect(!text.contains(#""line":2"#))
            #expect(!text.hasSuffix("0\r\n\r\n"))
            #expect(text.split(separator: "HTTP/1.1").count == 1)
        }
    }

    @Test("does not read on for a client that does not read")
    func slowReader() async throws {
        try await LiveCommandAPI.run { api in
            let count = 300_000
            try await RawConnection.open(port: api.port, receiveBuffer: 4096) { connection in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        try await connection.send(head)
                        for await lines in Lines(1...count) { try await connection.send(chunk(String(buffer: lines))) }
                    }
                    try await eventually("it has begun") { api.store.appended > 1000 }
                    // Nothing but the reader's pace can hold it up.
                    var last = 0
                    try await eventually("it waits", every: .milliseconds(500)) {
                        defer { last = api.store.appended }
                        return api.store.appended == last
                    }
                    #expect(last < count)
                    group.cancelAll()
                }
            }
        }
    }

    @Test("is given up when its client goes away")
    func disconnect() async throws {
        let gate = Gate()
        let store = TestEventStore { _ in
            await gate.pass()
            return nil
        }
        try await LiveCommandAPI.run(store: store) { api in
            defer { gate.open() }
            try await RawConnection.open(port: api.port) { connection in
                try await connection.send(head)
                for await lines in Lines(1...20_000) { try await connection.send(chunk(String(buffer: lines))) }
                try await eventually("64 under way") { store.appending == 64 }
            }
            gate.open()
            try await eventually("nothing under way") { store.appending == 0 }
            #expect(try await api.register("next@x.org").status == 202)
        }
        // The server has stopped, so this is all: what had begun, and what began before the first answer met nobody.
        #expect(store.appended < 20_000)
    }

    @Test("does not keep the service from stopping, and what it answered is kept")
    func shutdown() async throws {
        let store = TestEventStore()
        let answered = Mutex<[String]>([])
        try await LiveCommandAPI.run(store: store) { api in
            let answer = try await api.importing(streaming: EndlessLines())
            var stop: ContinuousClock.Instant?
            do {
                for try await text in answer.lines {
                    if let id = try ImportResult(text).eventId { answered.withLock { $0.append(id) } }
                    guard stop == nil, answered.withLock({ $0.count }) > 100 else { continue }
                    stop = .now
                    await api.group.triggerGracefulShutdown()
                }
                Issue.record("an answer that was cut off must not look whole")
            } catch {
                let stop = try #require(stop, "\(error)")
                #expect(ContinuousClock.now - stop < .seconds(9))
            }
        }
        let events = Set(await store.allEvents().map(\.id.description))
        #expect(events.isSuperset(of: answered.withLock { $0 }))
    }

    private let head =
        "POST /users/import HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n"

    private func chunk(_ text: String) -> String { "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n" }
}

private func line(_ number: Int) -> ByteBuffer {
    ByteBuffer(string: #"{"name":"User \#(number)","email":"user\#(number)@x.org"}"# + "\n")
}

/// Lines, a hundred at a time.
private struct Lines: AsyncSequence, Sendable {
    let numbers: ClosedRange<Int>

    init(_ numbers: ClosedRange<Int>) { self.numbers = numbers }

    func makeAsyncIterator() -> Iterator { Iterator(next: numbers.lowerBound, last: numbers.upperBound) }

    struct Iterator: AsyncIteratorProtocol {
        var next: Int
        let last: Int

        mutating func next() async -> ByteBuffer? {
            guard next <= last else { return nil }
            var lines = ByteBuffer()
            let end = Swift.min(next + 99, last)
            for number in next...end { lines.writeImmutableBuffer(line(number)) }
            next = end + 1
            return lines
        }
    }
}

/// Lines, one every few milliseconds, for as long as somebody takes them.
private struct EndlessLines: AsyncSequence, Sendable {
    func makeAsyncIterator() -> Iterator { Iterator() }

    struct Iterator: AsyncIteratorProtocol {
        var number = 0

        mutating func next() async -> ByteBuffer? {
            // The client's pace, not a wait: it sends on until the server or the test ends.
            do { try await Task.sleep(for: .milliseconds(2)) } catch { return nil }
            number += 1
            return line(number)
        }
    }
}
