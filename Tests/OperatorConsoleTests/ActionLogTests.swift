// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import Testing

@testable import OperatorConsole

@Suite("The record of actions", .timeLimit(.minutes(1)))
struct ActionLogTests {
    private func entry(_ action: String, letters: Int? = nil) -> ActionEntry {
        let now = Timestamp.now()
        return ActionEntry(
            id: UUIDv7(at: now), at: now, who: "127.0.0.1", requestID: "r-1", action: action, readModel: "users",
            letters: letters)
    }

    @Test("has what was done, the newest first, with how it ended if it did")
    func entries() async throws {
        try await ConsoleDatabase.with { database in
            let log = ActionLog(database: database.system.database)
            #expect(try await log.newest(10).isEmpty)
            let (replay, rebuild) = (entry("replay", letters: 3), entry("rebuild"))
            try await log.begin(replay)
            try await log.begin(rebuild)
            await log.end(replay, "3 of 3 done")
            let found = try await log.newest(10)
            #expect(found.map(\.entry) == [rebuild, replay])
            #expect(found.map(\.outcome) == [nil, "3 of 3 done"])
            #expect(try await log.newest(1).map(\.entry) == [rebuild])
        }
    }
}
