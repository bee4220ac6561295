// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Engagement
import Essentials
import Testing

@Suite("The sums of engagement")
struct EngagementSumTests {
    private func anyEvent() -> EngagementEvent {
        let subject = Subject(animeID: .random(in: 1...4), userID: ["user123", "B", "ü"].randomElement() ?? "")
        return switch Int.random(in: 0..<3) {
        case 0: .clicked(subject)
        case 1: .viewed(subject, durationSeconds: .random(in: 0...86_400))
        default: .rated(subject, score: .random(in: 1...10))
        }
    }

    /// What each row is the sum of: of all addends of some documents.
    private func rows(_ documents: some Sequence<EngagementDocument>) -> [SumKey: [Int64]] {
        documents.flatMap(\.addends).reduce(into: [:]) { rows, addend in
            let before = rows[addend.key] ?? addend.values.map { _ in 0 }
            rows[addend.key] = zip(before, addend.values).map(+)
        }
    }

    @Test("of one document are its own, with one viewer and one rating at most")
    func single() throws {
        let time = time(of: 1)
        let day = EngagementDay.day(of: time)
        #expect(day == "2026-03-01")
        let document = try document(after: [
            (.clicked(subject), at: time), (.viewed(subject, durationSeconds: 30), at: time),
            (.viewed(subject, durationSeconds: 60), at: time), (.rated(subject, score: 4), at: time),
            (.rated(subject, score: 8), at: time),
        ])
        #expect(
            document.addends == [
                SumAddend(EngagementDocument.animes, "1", [1, 2, 1, 90, 8, 1]),
                SumAddend(EngagementDocument.users, "user123", [1, 2, 1, 90, 8, 1]),
                SumAddend(EngagementDocument.days, "1.2026-03-01", [1, 2, 90]),
            ])
        let rated = try EngagementTests.document(after: [(.rated(subject, score: 4), at: time)])
        #expect(
            rated.addends == [
                SumAddend(EngagementDocument.animes, "1", [0, 0, 0, 0, 4, 1]),
                SumAddend(EngagementDocument.users, "user123", [0, 0, 0, 0, 4, 1]),
            ])
    }

    @Test("of all documents are what counting the events one by one gives")
    func counted() throws {
        let day: Int64 = 86_400_000
        let events = (0..<400).map { number in
            (anyEvent(), Timestamp(millisecondsSinceEpoch: 1_772_366_400_123 + Int64(number) * day / 100))
        }
        var documents: [StreamID: EngagementDocument] = [:]
        var expected: [SumKey: [Int64]] = [:]
        var viewers: Set<StreamID> = []
        var scores: [StreamID: Int] = [:]
        func add(_ table: SumTable, _ row: String, _ values: [Int64]) {
            let key = SumKey(table, row)
            expected[key] = zip(expected[key] ?? values.map { _ in 0 }, values).map(+)
        }
        for (event, time) in events {
            let subject = event.subject
            let stream = Engagement.stream(of: subject)
            let version = (documents[stream]?.version ?? 0) + 1
            documents[stream] = try EngagementProjection.evolve(
                documents[stream], event, recorded(event, version: version, at: time, in: stream))
            var values: [Int64] = [0, 0, 0, 0, 0, 0]
            switch event {
            case .clicked: values[0] = 1
            case .viewed(_, let seconds):
                values = [0, 1, viewers.insert(stream).inserted ? 1 : 0, Int64(seconds), 0, 0]
            case .rated(_, let score):
                values[4] = Int64(score - (scores[stream] ?? 0))
                values[5] = scores.updateValue(score, forKey: stream) == nil ? 1 : 0
            }
            add(EngagementDocument.animes, "\(subject.animeID)", values)
            add(EngagementDocument.users, subject.userID, values)
            if case .rated = event { continue }
            let row = EngagementDocument.dayRow(animeID: subject.animeID, day: String("\(time)".prefix(10)))
            add(EngagementDocument.days, row, [values[0], values[1], values[3]])
        }
        #expect(rows(documents.values) == expected)
    }

    @Test("have rows that can be rows, and one addend for each")
    func keys() throws {
        let subject = Subject(animeID: AnimeID.range.upperBound, userID: String(repeating: "🙂", count: 128))
        let document = try document(after: [(.clicked(subject), at: time(of: 1))])
        #expect(Set(document.addends.map(\.key)).count == document.addends.count)
        for addend in document.addends {
            #expect((1...512).contains(addend.key.row.utf8.count))
            #expect(EngagementDocument.sums.contains(addend.key.table))
        }
    }
}
