// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Engagement
import Essentials
import GraphQL

/// Statistics of animes and of users by GraphQL: rows of sums.
struct EngagementGraph: GraphQLAnswers {
    let sums: any SumQueries
    /// The time, for what day it is.
    var now: @Sendable () -> Timestamp = { .now() }

    func addFields(to query: inout ObjectResolvers<GraphQLContext, RootObject>) {
        query.batch("animeStatistics") { requests, context in
            await context.rows(of: EngagementDocument.animes, in: sums, for: requests) { request in
                // What is no number, or is written otherwise, is no anime's.
                guard let id = request.arguments.string("animeId"), let number = Int(id), id == "\(number)" else {
                    return []
                }
                return [id]
            }.map { $0.map { $0.first?.row.map(AnimeNode.init) } }
        }
        query.batch("userEngagement") { requests, context in
            await context.rows(of: EngagementDocument.users, in: sums, for: requests) { request in
                (try? UserID(request.arguments.string("userId") ?? "")).map { [$0.text] } ?? []
            }.map { $0.map { $0.first?.row.map(UserEngagementNode.init) } }
        }
        top("topAnimesByViews", by: ["views"], of: &query)
        top("topAnimesByClicks", by: ["clicks"], of: &query)
        top("topAnimesByRating", by: ["average", "ratings"], of: &query) { arguments throws(FieldFailure) in
            let least = arguments.int("minRatings") ?? 1
            guard least >= 1 else { throw FieldFailure("minRatings must be at least 1.") }
            return (column: "ratings", value: Int64(least))
        }
    }

    func addTypes(to resolvers: inout Resolvers<GraphQLContext>) {
        resolvers.object("AnimeStatistics", of: AnimeNode.self) { anime in
            anime.property("animeId") { "\($0.id)" }
            anime.property("totalViews") { $0.sums.views }
            anime.property("totalClicks") { $0.sums.clicks }
            anime.property("uniqueViewers") { $0.sums.pairs }
            anime.property("totalDurationSeconds") { $0.sums.durationSeconds }
            anime.property("averageRating") { $0.sums.averageRating }
            anime.property("ratings") { $0.sums.ratings }
            anime.batch("days", days)
        }
        resolvers.object("DayStatistics", of: DayNode.self) { day in
            day.property("day") { $0.day }
            day.property("views") { $0.sums.views }
            day.property("clicks") { $0.sums.clicks }
            day.property("durationSeconds") { $0.sums.durationSeconds }
        }
        resolvers.object("UserEngagement", of: UserEngagementNode.self) { user in
            user.property("userId") { $0.id }
            user.property("totalViews") { $0.sums.views }
            user.property("totalClicks") { $0.sums.clicks }
            user.property("viewedAnimes") { $0.sums.pairs }
            user.property("totalDurationSeconds") { $0.sums.durationSeconds }
            user.property("averageRating") { $0.sums.averageRating }
            user.property("ratings") { $0.sums.ratings }
        }
    }

    /// A field that is the first animes by a rank.
    private func top(
        _ name: String, by rank: [String], of query: inout ObjectResolvers<GraphQLContext, RootObject>,
        atLeast: @escaping @Sendable (Arguments) throws(FieldFailure) -> (column: String, value: Int64)? = { _ in nil }
    ) {
        query.batch(name) { requests, context in
            await context.outcomes(of: requests) { request in
                let (limit, least) = (try Self.limit(request.arguments), try atLeast(request.arguments))
                try context.budget.spend(limit)
                return try await context.inTurn {
                    try await sums.top(of: EngagementDocument.animes, by: rank, atLeast: least, limit: limit)
                }.map(AnimeNode.init)
            }
        }
    }

    private static func limit(_ arguments: Arguments) throws(FieldFailure) -> Int {
        let limit = arguments.int("limit") ?? 10
        guard (1...500).contains(limit) else { throw FieldFailure("limit must be from 1 to 500.") }
        return limit
    }

    /// The days of some animes, the oldest first, up to today: those on which nothing was done as well.
    @Sendable
    private func days(
        _ requests: [FieldRequest<AnimeNode>], _ context: GraphQLContext
    ) async -> [Result<[DayNode], any Error>] {
        let today = now()
        return await context.rows(of: EngagementDocument.days, in: sums, for: requests) { request in
            let last = request.arguments.int("last") ?? 30
            guard (1...366).contains(last) else { throw FieldFailure("last must be from 1 to 366.") }
            return EngagementDay.last(last, until: today).map {
                EngagementDocument.dayRow(animeID: request.source.id, day: $0)
            }
        }.map { rows in rows.map { $0.map { DayNode(day: String($0.key.suffix(10)), sums: DaySums($0.row)) } } }
    }
}

private struct AnimeNode: GraphQLObject {
    let id: Int
    let sums: EngagementSums

    init(_ row: SumRow) {
        id = Int(row.key) ?? 0
        sums = EngagementSums(row)
    }
}

private struct UserEngagementNode: GraphQLObject {
    let id: String
    let sums: EngagementSums

    init(_ row: SumRow) {
        id = row.key
        sums = EngagementSums(row)
    }
}

private struct DayNode: GraphQLObject {
    let day: String
    let sums: DaySums
}

extension ReadModelServing {
    /// Serves statistics of engagement, by GraphQL alone.
    func engagement() -> ServedContext {
        ServedContext(controller: nil, parts: [], graph: EngagementGraph(sums: list(EngagementProjection.self)))
    }
}
