// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import GraphQL
import GraphQLHTTP

extension GraphQLController<GraphQLContext> {
    /// `/graphql`, over what the contexts answer.
    ///
    /// - Throws: what `schema.graphql` has and nobody resolves.
    init(_ contexts: [any GraphQLAnswers]) throws {
        let text = PackageResources.schema_graphql
        let schema = try Schema(
            String(decoding: text, as: UTF8.self), scalars: ["Long": .integer(in: -(1 << 53) + 1...(1 << 53) - 1)])
        self.init(try ExecutableSchema(schema, Self.resolvers(contexts)), text: text) { GraphQLContext($0) }
    }

    private static func resolvers(_ contexts: [any GraphQLAnswers]) -> Resolvers<GraphQLContext> {
        var resolvers = Resolvers<GraphQLContext>()
        resolvers.object("Query", of: RootObject.self) { query in
            for context in contexts { context.addFields(to: &query) }
        }
        for context in contexts { context.addTypes(to: &resolvers) }
        HistoryItem.addTypes(to: &resolvers)
        resolvers.object("PageInfo", of: PageInfo.self) { info in
            info.property("hasNextPage") { $0.hasNextPage }
            info.property("hasPreviousPage") { $0.hasPreviousPage }
            info.property("startCursor") { $0.startCursor }
            info.property("endCursor") { $0.endCursor }
        }
        return resolvers
    }
}
