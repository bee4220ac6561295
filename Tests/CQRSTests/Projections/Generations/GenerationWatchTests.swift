// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import TestSupport
import Testing

@testable import CQRS

@Suite("A watch of generations", .timeLimit(.minutes(1)))
struct GenerationWatchTests {
    @Test("tells the followers of others when what is written of one read model cannot be read")
    func unreadable() async throws {
        let watch = GenerationWatch(HalfRegistry(), interval: .milliseconds(10), logger: quietLogger)
        let (whole, broken) = (watch.follower(of: "whole"), watch.follower(of: "broken"))
        let run = Task { try await watch.run() }
        try await eventually("told") { whole.latest != nil }
        #expect(broken.latest == nil)
        await #expect(throws: HalfRegistry.Unreadable.self) { try await broken.current() }
        run.cancel()
        try await run.value
    }
}

/// A registry with a record that nobody can read.
private struct HalfRegistry: GenerationRegistry {
    struct Unreadable: CategorizedError {
        let category = FailureCategory.rejected
    }

    func read(_ readModel: String) async throws -> GenerationRecord { throw Unreadable() }
    func readAll() async throws -> [String: Result<GenerationRecord, any Error>] {
        ["whole": .success(GenerationRecord()), "broken": .failure(Unreadable())]
    }
    func take(_ readModel: String, for owner: UUIDv7, silentFor: Duration) async throws -> GenerationRecord? { nil }
    func hold(_ readModel: String, as owner: UUIDv7) async throws -> Bool { false }
    func write(_ record: GenerationRecord, of: String, as owner: UUIDv7) async throws -> GenerationRecord? { nil }
    func release(_ readModel: String, as owner: UUIDv7) async throws {}
}
