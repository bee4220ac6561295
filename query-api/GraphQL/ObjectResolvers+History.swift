// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import GraphQL

extension ObjectResolvers where Context == GraphQLContext {
    /// `history(first, after)`: what happened to each, all read together.
    ///
    /// - Parameter stream: whose it is; `nil` for what has none.
    mutating func history(_ events: any EventQueries, _ stream: @escaping @Sendable (Source) -> StreamID?) {
        batch("history") { requests, context in
            let wanted = requests.map { request in
                Result { try HistoryRequest(request.arguments, context.budget, of: stream(request.source)) }
            }
            let pages = wanted.compactMap { try? $0.get().page }
            let found = pages.isEmpty ? [] : try await context.inTurn { await events.read(pages) }
            var results = found.makeIterator()
            return wanted.map { wanted in
                Result {
                    let request = try wanted.get()
                    return try request.connection(request.page == nil ? [] : results.next()?.get() ?? [])
                }
            }
        }
    }
}

/// One history that is asked for.
private struct HistoryRequest {
    let arguments: PageArguments
    /// What to read; `nil` for what has no history.
    let page: StreamPage?

    init(_ arguments: Arguments, _ budget: LookupBudget, of stream: StreamID?) throws(FieldFailure) {
        self.arguments = try PageArguments(arguments, budget)
        guard let stream else {
            page = nil
            return
        }
        let place = try self.arguments.place { cursor in
            EventPosition(cursor: cursor, HistoryQuery.list).flatMap { $0.stream == stream ? $0 : nil }
        }
        // One more tells whether there is a next page.
        page = StreamPage(stream, after: place?.version ?? 0, limit: self.arguments.first + 1)
    }

    /// - Parameter events: what was read.
    func connection(_ events: [RecordedEvent]) throws -> Connection<HistoryItem> {
        let edges = try events.prefix(arguments.first).map { event in
            Edge(cursor: event.position.cursor(HistoryQuery.list), node: try HistoryItem(event))
        }
        return Connection(edges, next: events.count > arguments.first ? edges.last?.cursor : nil, arguments)
    }
}
