// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import CQRS

@Suite("Reading what was not delivered")
struct GapReaderTests {
    @Test("takes the shortest gaps first, and no more than there is room for")
    func room() async throws {
        let (short, long) = ((0..<50).map { _ in makeStream() }, (0..<9).map { _ in makeStream() })
        var gaps: [StreamID: ClosedRange<Int64>] = [:]
        for stream in short { gaps[stream] = 5...9 }
        for stream in long { gaps[stream] = 1...(Int64.max - 1) }
        let pages = try await GapReader(history: EndlessHistory()).read(gaps)
        for stream in short { #expect(pages[stream]?.map(\.version) == [5, 6, 7, 8, 9]) }
        #expect(pages.values.map(\.count).reduce(0, +) == GapReader.roundSize)
        #expect(pages.values.allSatisfy { $0.count <= GapReader.pageSize })
        #expect(long.contains { pages[$0] != nil })
    }

    @Test("throws what the event store throws")
    func failure() async throws {
        let history = FailingHistory(EndlessHistory(), failsFor: 1)
        await #expect(throws: Away.self) {
            _ = try await GapReader(history: history).read([makeStream(): 1...2, makeStream(): 1...2])
        }
    }
}
