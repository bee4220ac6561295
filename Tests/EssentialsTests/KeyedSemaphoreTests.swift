// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import TestSupport
import Testing

@testable import Essentials

@Suite("A semaphore for each key", .timeLimit(.minutes(1)))
struct KeyedSemaphoreTests {
    private let turns = KeyedSemaphore<String>()

    @Test("let one at a time work for a key, and all of them in the end")
    func oneAtATime() async throws {
        let (inside, most, done) = (Counter(), Counter(), Counter())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    try await turns.withTurn("a") {
                        most.raise(to: inside.add())
                        await Task.yield()
                        inside.subtract()
                        done.add()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(most.value == 1)
        #expect(done.value == 100)
    }

    @Test("do not hold up another key, and go on after an error")
    func independence() async throws {
        try await turns.withTurn("a") {
            let other = try await turns.withTurn("b") { 1 }
            #expect(other == 1)
            await #expect(throws: CancellationError.self) {
                try await turns.withTurn("c") { throw CancellationError() }
            }
            let next = try await turns.withTurn("c") { 2 }
            #expect(next == 2)
        }
    }

    @Test("let a cancelled waiter go, and those behind it have theirs")
    func cancellation() async throws {
        let (hasBegun, mayEnd) = (Gate(), Gate())
        try await withThrowingTaskGroup(of: Int.self) { group in
            let turns = turns
            group.addTask {
                try await turns.withTurn("a") {
                    hasBegun.open()
                    await mayEnd.pass()
                    return 1
                }
            }
            await hasBegun.pass()
            let waiting = Task { try await turns.withTurn("a") { 2 } }
            group.addTask { try await turns.withTurn("a") { 3 } }
            waiting.cancel()
            let result = await waiting.result
            #expect(throws: CancellationError.self) { try result.get() }
            mayEnd.open()
            let sum = try await group.reduce(0, +)
            #expect(sum == 4)
        }
    }

    @Test("let as many work for a key as they are made for")
    func limit() async throws {
        let turns = KeyedSemaphore<String>(holderLimit: 3)
        let (inside, most) = (Counter(), Counter())
        let gate = Gate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { gate.open() }
            for _ in 0..<20 {
                group.addTask {
                    try await turns.withTurn("a") {
                        most.raise(to: inside.add())
                        await gate.pass()
                        inside.subtract()
                    }
                }
            }
            try await eventually("three at work") { inside.value == 3 }
            gate.open()
            try await group.waitForAll()
        }
        #expect(most.value == 3)
    }
}
