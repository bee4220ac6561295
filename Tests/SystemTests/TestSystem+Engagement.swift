// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation
import HTTPTestSupport
import MongoDB
import TestSupport
import Testing

/// What the tests ask of an anime.
struct AnimeAnswer: Decodable, Equatable {
    let animeId: String
    let totalViews: Int
    let totalClicks: Int
    let uniqueViewers: Int
    let totalDurationSeconds: Int
    let ratings: Int
    let averageRating: Double?
}

extension TestSystem {
    /// Asks by GraphQL.
    ///
    /// - Returns: the answer's data as it was sent.
    func graphQL(_ fields: String) async throws -> String {
        let query = try JSONEncoder().encode(["query": "{ \(fields) }"])
        let answer = try await HTTP.post("\(queryAPI.url)/graphql", json: String(decoding: query, as: UTF8.self))
        guard answer.status == 200, answer.body.hasPrefix(#"{"data":"#) else { throw UnexpectedAnswer(answer) }
        return String(answer.body.dropFirst(8).dropLast())
    }

    private static let fields =
        "animeId totalViews totalClicks uniqueViewers totalDurationSeconds ratings averageRating"

    /// The animes that were viewed most often.
    func topAnimes(_ limit: Int) async throws -> [AnimeAnswer] {
        let data = try await graphQL("topAnimesByViews(limit: \(limit)) { \(Self.fields) }")
        return try JSONDecoder().decode([String: [AnimeAnswer]].self, from: Data(data.utf8))["topAnimesByViews"] ?? []
    }

    /// Waits until the statistics are what a history adds up to.
    func expectSums(_ history: EngagementHistory, within limit: Duration) async throws {
        let ids = history.animes.keys.sorted()
        let expected = ids.map { id -> AnimeAnswer? in
            guard let sums = history.animes[id] else { return nil }
            let scores = sums.scores.values
            return AnimeAnswer(
                animeId: "\(id)", totalViews: sums.views, totalClicks: sums.clicks, uniqueViewers: sums.viewers.count,
                totalDurationSeconds: sums.seconds, ratings: scores.count,
                averageRating: scores.isEmpty ? nil : Double(scores.reduce(0, +)) / Double(scores.count))
        }
        var differences = 0
        do {
            try await eventually("the sums of all animes", within: limit, every: .milliseconds(500)) {
                differences = 0
                for start in stride(from: 0, to: ids.count, by: 100) {
                    let part = start..<min(start + 100, ids.count)
                    let aliases = part.map { "a\($0): animeStatistics(animeId: \(ids[$0])) { \(Self.fields) }" }
                    let data = try await graphQL(aliases.joined(separator: " "))
                    let found = try JSONDecoder().decode([String: AnimeAnswer?].self, from: Data(data.utf8))
                    differences += part.count { found["a\($0)"] ?? nil != expected[$0] }
                }
                return differences == 0
            }
        } catch {
            Issue.record("\(differences) of \(ids.count) animes have other sums")
            throw error
        }
    }

    /// The views of all animes, as the database has them.
    func totalViews() async throws -> Int {
        try await withMongoDB { client in
            let database = client.database("cqrs_read")
            let record = try await database.collection("generations").findOne(["_id": "engagement"])
            let serving = record?["state"]?.documentValue?["serving"]?.intValue ?? 1
            let name = serving == 1 ? "engagement" : "engagement.g\(serving)"
            return try await database.collection("\(name).sums.animes").aggregate([
                ["$group": ["_id": 1, "n": ["$sum": "$views"]]]
            ]).toArray().first?["n"]?.intValue ?? 0
        }
    }

    /// Has a program that is not ours count again, if there is a Python with pymongo: `ENGAGEMENT_PYTHON`.
    func recountElsewhere() async throws {
        guard let python = ProcessInfo.processInfo.environment["ENGAGEMENT_PYTHON"] else { return }
        let script = packageRoot.appending(path: "Tests/EngagementRecount/recount.py").path
        let result = try await TestSupport.run(
            python, [script, "mongodb://127.0.0.1:\(database.port)/?directConnection=true"], limit: .seconds(900))
        print("engagement: \(result.output)")
        #expect(result.status == 0, "\(result.output)")
    }
}
