// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import GraphQL

extension HistoryItem: GraphQLObject {
    /// Adds `HistoryEvent` and its connection.
    static func addTypes(to resolvers: inout Resolvers<GraphQLContext>) {
        resolvers.object("HistoryEvent", of: HistoryItem.self) { item in
            item.property("version") { Int($0.event.version) }
            item.property("type") { $0.event.type }
            item.property("eventId") { $0.event.id.description }
            item.property("recordedAt") { $0.event.recordedAt.description }
            item.property("data") { ResponseValue.json(.object($0.data.object)) }
        }
        resolvers.connection("HistoryEvent", of: HistoryItem.self)
    }
}
