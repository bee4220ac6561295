// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import Essentials
import GraphQL
import Users

/// Users by GraphQL.
struct UserGraph<Model: ReadModelQueries<UserDocument>>: GraphQLAnswers {
    let users: EntityQueries<UserProjection, Model, UserAnswer>
    let lists: any ReadModelListing<UserDocument>

    func addFields(to query: inout ObjectResolvers<GraphQLContext, RootObject>) {
        query.batch("user") { requests, context in
            await users.answers(to: requests, context) { $0.string("email").flatMap(EntityAddress.init(email:)) }
                .map { $0.map { $0.map { UserNode(user: $0.view) } } }
        }
        query.list(
            "users", of: lists, by: UserDocument.byName, list: "users", maximumLength: UserName.maximumLength,
            key: UserName.key(ofPrefix:)
        ) { UserView($0).map(UserNode.init) }
    }

    func addTypes(to resolvers: inout Resolvers<GraphQLContext>) {
        resolvers.object("User", of: UserNode.self) { user in
            user.property("id") { $0.user.id }
            user.property("name") { $0.user.name }
            user.property("email") { $0.user.email }
            user.property("version") { Int($0.user.version) }
            user.property("createdAt") { $0.user.createdAt.description }
            user.property("updatedAt") { $0.user.updatedAt.description }
            user.history(users.events) { UUIDv7($0.user.id).map(Users.stream(of:)) }
        }
        resolvers.connection("User", of: UserNode.self)
    }
}

private struct UserNode: GraphQLObject {
    let user: UserView
}
