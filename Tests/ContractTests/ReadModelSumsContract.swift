// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import CQRSUpkeep
import Essentials
import Foundation
import MongoDB
import TestSupport
import Testing

@testable import CQRSMongoDB

/// One player's points in one game.
struct Score: ReadModelDocument {
    var game: String
    var points: Int64
    var rounds: Int64
    var version: Int64
    var updatedAt = Timestamp(millisecondsSinceEpoch: 1_772_366_400_123)

    static let games = SumTable(
        "games", columns: ["points", "rounds", "players"], ratios: [SumRatio("mean", of: "points", over: "rounds")],
        ranks: [["points"], ["mean", "rounds"]])
    static let all = SumTable("all", columns: ["points"])
    static var sums: [SumTable] { [games, all] }

    var addends: [SumAddend] {
        [SumAddend(Self.games, game, [points, rounds, 1]), SumAddend(Self.all, "", [points])].filter {
            $0.key.row != "none"
        }
    }
}

/// What every read model must do with sums, whatever it is kept in.
@Suite("A read model with sums", .timeLimit(.minutes(2)))
struct ReadModelSumsContract {
    typealias Model = GenerationReadModel<Score> & SumQueries

    /// Runs the same test against the one in memory and the one in MongoDB.
    ///
    /// - Parameter body: gets the model and another one of the same documents.
    private func withEach(_ body: (any Model, any Model) async throws -> Void) async throws {
        let inMemory = InMemoryReadModel<Score>()
        try await body(inMemory, inMemory)
        try await withMongoDB { model, other, _ in try await body(model, other) }
    }

    private func withMongoDB(
        _ body: (MongoReadModel<Score>, MongoReadModel<Score>, MongoDatabase) async throws -> Void
    ) async throws {
        guard let uri = try TestEnvironment.mongoURI() else { return }
        let client = try MongoClient(configuration: MongoConfiguration(uri: uri), logger: quietLogger)
        let otherClient = try MongoClient(configuration: MongoConfiguration(uri: uri), logger: quietLogger)
        let name = "contract_\(UUID().uuidString.prefix(8))"
        let models = [client, otherClient].map {
            MongoReadModel<Score>(collection: $0.database(name).collection("scores"), lookups: [])
        }
        let result: Result<Void, any Error>
        do {
            try await models[0].prepare()
            try await body(models[0], models[1], client.database(name))
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try? await client.database(name).drop()
        await client.close(within: .zero)
        await otherClient.close(within: .zero)
        try result.get()
    }

    private func expectRight(_ model: any Model, rows: Int) async throws {
        var found: [SumDifference] = []
        let compared = try await model.compareSums { found += $0 }
        #expect(compared == rows)
        #expect(found.isEmpty)
    }

    private func stream(_ number: Int64) -> StreamID {
        StreamID(category: "score", id: UUIDv7(at: Timestamp(millisecondsSinceEpoch: 1_772_366_400_000 + number)))
    }

    private func change(
        _ stream: StreamID, _ base: Int64, _ version: Int64, _ game: String, _ points: Int64, _ rounds: Int64 = 1
    ) -> ReadModelChange<Score> {
        ReadModelChange(
            stream: stream, baseVersion: base,
            document: Score(game: game, points: points, rounds: rounds, version: version))
    }

    @Test("adds documents up, and the difference when one takes the place of another")
    func adds() async throws {
        try await withEach { model, _ async throws in
            let (a, b) = (stream(1), stream(2))
            #expect(try await model.write([change(a, 0, 1, "chess", 3), change(b, 0, 1, "chess", 4, 2)]).isEmpty)
            #expect(
                try await model.rows(of: Score.games, ["chess", "go"]) == [
                    "chess": SumRow(key: "chess", values: [7, 3, 2], ratios: [7.0 / 3])
                ])
            // Of a lost race nothing is added, whatever else is in the bulk.
            #expect(try await model.write([change(a, 0, 2, "chess", 100), change(b, 1, 2, "go", 5)]) == [a])
            #expect(
                try await model.rows(of: Score.games, ["chess", "go"]) == [
                    "chess": SumRow(key: "chess", values: [3, 1, 1], ratios: [3]),
                    "go": SumRow(key: "go", values: [5, 1, 1], ratios: [5]),
                ])
            #expect(try await model.rows(of: Score.all, [""])[""]?.values == [8])
            #expect(try await !model.remove(a, at: 7))
            #expect(try await model.remove(a, at: 1))
            #expect(try await model.rows(of: Score.all, [""])[""]?.values == [5])
        }
    }

    @Test("lists rows by rank, the greatest first, without those that have less than is asked for")
    func ranks() async throws {
        try await withEach { model, _ async throws in
            _ = try await model.write([
                change(stream(1), 0, 1, "a", 10, 10), change(stream(2), 0, 1, "b", 30, 10),
                change(stream(3), 0, 1, "c", 20, 2), change(stream(4), 0, 1, "d", 10, 1),
                change(stream(5), 0, 1, "e", 0, 0),
            ])
            func top(_ rank: [String], _ least: (column: String, value: Int64)? = nil, _ limit: Int) async throws
                -> [String]
            {
                try await model.top(of: Score.games, by: rank, atLeast: least, limit: limit).map(\.key)
            }
            #expect(try await top(["points"], nil, 10) == ["b", "c", "a", "d", "e"])
            #expect(try await top(["points"], nil, 2) == ["b", "c"])
            // Of equal means the one with more rounds, and what has no mean comes last.
            #expect(try await top(["mean", "rounds"], nil, 5) == ["c", "d", "b", "a", "e"])
            #expect(try await top(["mean", "rounds"], ("rounds", 2), 5) == ["c", "b", "a"])
        }
    }

    @Test("is exact although several write to the same rows, and race for the same documents")
    func races() async throws {
        try await withEach { model, other in
            let streams = (0..<20).map { stream($0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in [model, other, model, other] {
                    group.addTask {
                        for version in 1...10 as ClosedRange<Int64> {
                            // Whoever comes second has lost; both go on from there.
                            _ = try await writer.write(
                                streams.map { self.change($0, version - 1, version, "chess", version) })
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await model.rows(of: Score.games, ["chess"])["chess"]?.values == [200, 20, 20])
            try await expectRight(model, rows: 2)
        }
    }

    @Test("tells rows that are not what the documents add up to, and mends them beside writers")
    func audits() async throws {
        try await withMongoDB { model, other, database in
            let streams = (1...50).map { stream($0) }
            _ = try await model.write(
                streams.enumerated().map { change($0.element, 0, 1, $0.offset < 39 ? "a" : "b", 2) })
            let games = database["scores.sums.games"]
            _ = try await games.updateOne(["_id": "a"], ["$inc": ["points": 5]])
            _ = try await games.deleteOne(["_id": "b"])
            try await games.insertOne(["_id": "c", "points": 1, "rounds": 0, "players": 0])
            var found: [SumDifference] = []
            let compared = try await model.compareSums { found += $0 }
            #expect(compared == 4)
            #expect(
                found.sorted { $0.key.row < $1.key.row } == [
                    SumDifference(key: SumKey(Score.games, "a"), stored: [83, 39, 39], expected: [78, 39, 39]),
                    SumDifference(key: SumKey(Score.games, "b"), stored: [0, 0, 0], expected: [22, 11, 11]),
                    SumDifference(key: SumKey(Score.games, "c"), stored: [1, 0, 0], expected: [0, 0, 0]),
                ])
            // What is written between the look and the mending is in both.
            let lost = try await other.write([change(streams[0], 1, 2, "a", 1000)])
            #expect(lost.isEmpty)
            try await model.mend(found)
            try await expectRight(model, rows: 4)
            let row = try await model.rows(of: Score.games, ["a"])["a"]
            #expect(row?.values == [1076, 39, 39])
        }
    }

    @Test("is mended once, although two have found the same")
    func mendsOnce() async throws {
        let wrong = SumKey(Score.games, "a")
        func check(_ model: any Model, _ other: any Model) async throws {
            var found: [SumDifference] = []
            _ = try await model.compareSums { found += $0 }
            #expect(Set(found.map(\.key.row)) == ["a", "b"])
            try await withThrowingTaskGroup(of: Void.self) { [found] group in
                for model in [model, other, model] { group.addTask { try await model.mend(found) } }
                try await group.waitForAll()
            }
            try await expectRight(model, rows: 3)
        }
        let inMemory = InMemoryReadModel<Score>()
        _ = await inMemory.write([change(stream(1), 0, 1, "a", 7)])
        var changes = SumChanges()
        changes.add(wrong, [5, 0, 0])
        changes.add(SumKey(Score.games, "b"), [1, 0, 0])
        inMemory.add(changes)
        try await check(inMemory, inMemory)
        try await withMongoDB { model, other, database in
            _ = try await model.write([change(stream(1), 0, 1, "a", 7), change(stream(2), 0, 1, "b", 7)])
            let games = database["scores.sums.games"]
            _ = try await games.updateOne(["_id": "a"], ["$inc": ["points": 5]])
            _ = try await games.deleteOne(["_id": "b"])
            try await check(model, other)
            // Once more, behind a first time.
            _ = try await games.updateOne(["_id": "a"], ["$set": ["mean": 0.5]])
            _ = try await games.updateOne(["_id": "b"], ["$inc": ["points": 1]])
            try await check(other, model)
        }
    }

    @Test("does not take for 0 what it cannot read")
    func unreadable() async throws {
        try await withMongoDB { model, _, database in
            _ = try await model.write([change(stream(1), 0, 1, "a", 7)])
            _ = try await database["scores.sums.games"].updateOne(["_id": "a"], ["$set": ["points": "many"]])
            for read in [
                { _ = try await model.compareSums { _ in } },
                { _ = try await model.rows(of: Score.games, ["a"]) },
                { _ = try await model.top(of: Score.games, by: ["points"], atLeast: nil, limit: 1) },
            ] as [() async throws -> Void] {
                let error = await #expect(throws: MongoError.self) { try await read() }
                #expect(error?.code == .invalidBSON)
            }
        }
    }

    @Test("writes what others do not keep, while they keep rows of the rest")
    func halves() async throws {
        try await withMongoDB { model, _, database in
            let games = database["scores.sums.games"]
            try await games.insertOne(["_id": "kept", "points": 0])
            let (isKept, kept) = AsyncStream.makeStream(of: Void.self)
            let isOver = Flag()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await games.client.withTransaction { transaction throws(MongoError) in
                        try transaction.bulkWrite(
                            [.updateOne(filter: ["_id": "kept"], update: ["$inc": ["points": 1]])], to: games)
                        kept.yield()
                        while !isOver.isSet { _ = try transaction.find(in: games, ["_id": "kept"]) }
                    }
                }
                for await _ in isKept { break }
                group.addTask {
                    // The first half is free, and of the second the last one is not.
                    let changes = (1...8).map { self.change(self.stream($0), 0, 1, $0 == 8 ? "kept" : "free", $0) }
                    let lost = try await model.write(changes)
                    #expect(lost.isEmpty)
                }
                try await eventually("the others are written") {
                    try await model.rows(of: Score.games, ["free"])["free"]?.values == [28, 7, 7]
                }
                isOver.set()
                try await group.waitForAll()
            }
            #expect(try await model.rows(of: Score.games, ["kept"])["kept"]?.values == [9, 1, 1])
        }
    }

    @Test("compares exactly while it is written to")
    func comparesUnderLoad() async throws {
        try await withMongoDB { model, other, _ in
            let streams = (0..<200).map { stream($0) }
            _ = try await model.write(streams.map { change($0, 0, 1, "a", 1) })
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    var version: Int64 = 1
                    while !Task.isCancelled {
                        _ = try await other.write(streams.map { self.change($0, version, version + 1, "a", version) })
                        version += 1
                    }
                }
                for _ in 1...10 { try await expectRight(model, rows: 2) }
                group.cancelAll()
                while let result = await group.nextResult() {
                    if case .failure(let error) = result, FailureCategory(of: error) != .cancelled { throw error }
                }
            }
        }
    }

    @Test("is dropped with its sums")
    func drops() async throws {
        try await withEach { model, _ async throws in
            _ = try await model.write([change(stream(1), 0, 1, "a", 1)])
            try await model.drop()
            #expect(try await model.rows(of: Score.games, ["a"]).isEmpty)
        }
    }

    @Test("finds the first rows by looking at so many keys and documents, and at no others")
    func plan() async throws {
        try await withMongoDB { model, _, database in
            _ = try await model.write((1...500).map { change(stream($0), 0, 1, "game \($0)", $0, $0 % 7) })
            for rank in Score.games.ranks {
                let index = try SumDocument.index(rank)
                let plan = try await database.runCommand([
                    "explain": [
                        "find": "scores.sums.games", "sort": .document(index.keys), "limit": 10,
                        "hint": .string(index.effectiveName),
                    ], "verbosity": "executionStats",
                ])
                let stats = plan["executionStats"]?.documentValue
                #expect(stats?["totalKeysExamined"]?.intValue == 10)
                #expect(stats?["totalDocsExamined"]?.intValue == 10)
            }
        }
    }
}
