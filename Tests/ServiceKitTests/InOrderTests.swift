// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization
import TestSupport
import Testing

@testable import ServiceKit

@Suite("Work in order", .timeLimit(.minutes(1)))
struct InOrderTests {
    @Test("is delivered in order, whatever ends first")
    func order() async throws {
        let delivered = Mutex<[Int]>([])
        try await inOrder(Numbers(1000), limit: 16) { number in
            for _ in 0..<(number * 7 % 13) { await Task.yield() }
            return number
        } deliver: { outputs in
            #expect(!outputs.isEmpty)
            delivered.withLock { $0 += outputs }
        }
        #expect(delivered.withLock { $0 } == Array(0..<1000))
    }

    @Test("is not begun, nor its source read, ahead of deliveries")
    func bound() async throws {
        let source = Numbers(100_000)
        let gate = Gate()
        let begun = Counter()
        let first = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { gate.open() }
            group.addTask {
                try await inOrder(source, limit: 8) { number in
                    begun.add()
                    return number
                } deliver: { outputs in
                    if first.value == 0 { first.add(outputs.count) }
                    await gate.pass()
                }
            }
            try await eventually("a delivery") { first.value > 0 }
            // Those in delivery have left their places to as many.
            let bound = 8 + first.value
            try await eventually("all places taken") { begun.value == bound }
            for _ in 0..<1000 { await Task.yield() }
            #expect(begun.value == bound)
            // One more was read, and waits for a place.
            #expect(source.taken <= bound + 1)
            group.cancelAll()
            gate.open()
            _ = await group.nextResult()
        }
    }

    @Test("that was begun is delivered before the source's error")
    func sourceFails() async throws {
        let delivered = Mutex<[Int]>([])
        let gate = Gate()
        await #expect(throws: Broken.self) {
            try await inOrder(Numbers(5, failing: true), limit: 16) { number in
                // Still under way when the source fails.
                if number < 4 { await gate.pass() } else { gate.open() }
                return number
            } deliver: { outputs in
                delivered.withLock { $0 += outputs }
            }
        }
        #expect(delivered.withLock { $0 } == [0, 1, 2, 3, 4])
    }

    @Test("is cancelled when a delivery fails, and the source not read on")
    func deliveryFails() async throws {
        let cancelled = Counter()
        let source = Numbers(100_000)
        await #expect(throws: Broken.self) {
            try await inOrder(source, limit: 8) { number in
                guard number > 0 else { return }
                do { try await Task.sleep(for: .seconds(600)) } catch {
                    cancelled.add()
                }
            } deliver: { _ in
                throw Broken()
            }
        }
        #expect(cancelled.value <= 8)
        #expect(source.taken < 20)
    }

    @Test("ends when its task is cancelled, also while the source has nothing")
    func cancellation() async throws {
        let (silence, source) = AsyncStream.makeStream(of: Int.self)
        let began = Gate()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await inOrder(silence, limit: 8) { _ in
                    began.open()
                } deliver: { _ in
                }
            }
            source.yield(1)
            await began.pass()
            group.cancelAll()
        }
    }
}

private struct Broken: Error {}

/// 0, 1, 2 …, which counts how far it was read.
private final class Numbers: AsyncSequence, Sendable {
    private let count: Int
    private let isFailing: Bool
    private let position = Counter()

    init(_ count: Int, failing isFailing: Bool = false) {
        self.count = count
        self.isFailing = isFailing
    }

    var taken: Int { position.value }

    func makeAsyncIterator() -> Iterator { Iterator(numbers: self) }

    struct Iterator: AsyncIteratorProtocol {
        let numbers: Numbers

        mutating func next() async throws -> Int? {
            let number = numbers.position.value
            guard number < numbers.count else {
                if numbers.isFailing { throw Broken() }
                return nil
            }
            numbers.position.add()
            return number
        }
    }
}
