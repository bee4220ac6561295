// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import GraphQL

/// What a context answers by GraphQL: its part of `schema.graphql`.
protocol GraphQLAnswers: Sendable {
    /// Adds the context's fields of `Query`.
    func addFields(to query: inout ObjectResolvers<GraphQLContext, RootObject>)
    /// Adds the context's types.
    func addTypes(to resolvers: inout Resolvers<GraphQLContext>)
}
