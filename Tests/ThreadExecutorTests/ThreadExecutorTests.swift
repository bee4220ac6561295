// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization
import Testing
import ThreadExecutor

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// An actor on a thread of its own, as the clients use it.
private actor Counter {
    private let executor = ThreadExecutor(name: "counter")
    private(set) var count = 0
    private var threads: Set<UInt> = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    func increment() -> Int {
        executor.checkIsolated()
        threads.insert(UInt(bitPattern: Int(pthread_self().hashValue)))
        count += 1
        return threads.count
    }

    func block(untilReadable descriptor: CInt) {
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&wait, 1, 10_000)
    }
}

/// Reads a pipe on the executor's thread.
private final class PipeSource: EventSource {
    let reader: CInt
    let received = Mutex<[UInt8]>([])
    let turns = Atomic<Int>(0)

    init(reader: CInt) { self.reader = reader }

    func turn() -> EventWait {
        turns.add(1, ordering: .relaxed)
        var byte: UInt8 = 0
        while unsafe read(reader, &byte, 1) == 1 { received.withLock { $0.append(byte) } }
        return EventWait(readable: reader, timeout: .seconds(10))
    }
}

private func makePipe() -> (reader: CInt, writer: CInt) {
    var ends: [CInt] = [-1, -1]
    #expect(unsafe pipe(&ends) == 0)
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    return (ends[0], ends[1])
}

private func eventually(_ condition: () -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + .seconds(10)
    while !condition() {
        guard ContinuousClock.now < deadline else { return false }
        await Task.yield()
    }
    return true
}

@Suite("A thread executor", .timeLimit(.minutes(1)))
struct ThreadExecutorTests {
    @Test("runs the jobs of all callers on one thread, each once")
    func oneThread() async {
        let counter = Counter()
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    var threads = 0
                    for _ in 0..<100 { threads = await counter.increment() }
                    return threads
                }
            }
            for await threads in group { #expect(threads == 1) }
        }
        #expect(await counter.count == 6400)
    }

    @Test("keeps the cooperative threads free while its own one blocks")
    func blocking() async {
        let (reader, writer) = makePipe()
        defer {
            close(reader)
            close(writer)
        }
        let blocked = (0..<16).map { _ in Counter() }
        await withTaskGroup { group in
            for counter in blocked { group.addTask { await counter.block(untilReadable: reader) } }
            // More blocked threads than cores: this task still runs, and sets them free.
            group.addTask {
                var byte: UInt8 = 1
                _ = unsafe write(writer, &byte, 1)
            }
        }
        for counter in blocked { #expect(await counter.increment() == 1) }
    }

    @Test("lets an event source handle its descriptor between jobs")
    func eventSource() async {
        let (reader, writer) = makePipe()
        let executor = ThreadExecutor(name: "source")
        let source = PipeSource(reader: reader)
        executor.setEventSource(source)
        for value in UInt8(1)...100 {
            var byte = value
            _ = unsafe write(writer, &byte, 1)
        }
        #expect(await eventually { source.received.withLock { $0.count } == 100 })
        #expect(source.received.withLock { $0 } == Array(1...100))
        executor.setEventSource(nil)
        close(writer)
        close(reader)
    }

    @Test("takes another turn after a wake")
    func wake() async {
        let (reader, writer) = makePipe()
        let executor = ThreadExecutor(name: "wake")
        let source = PipeSource(reader: reader)
        executor.setEventSource(source)
        for _ in 0..<1000 {
            let before = source.turns.load(ordering: .relaxed)
            executor.wake()
            #expect(await eventually { source.turns.load(ordering: .relaxed) > before })
        }
        executor.setEventSource(nil)
        close(writer)
        close(reader)
    }

    @Test("ends its thread when it is released")
    func release() async {
        weak var source: PipeSource?
        let (reader, writer) = makePipe()
        do {
            let kept = PipeSource(reader: reader)
            source = kept
            let executor = ThreadExecutor(name: "release")
            executor.setEventSource(kept)
        }
        #expect(await eventually { source == nil })
        close(writer)
        close(reader)
    }
}
