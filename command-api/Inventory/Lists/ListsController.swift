// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Hummingbird
import Inventory
import ServiceKit

/// The routes of the commands on stock lists.
struct ListsController: HTTPController {
    let lists: ListCommands

    init(_ parts: CommandParts) {
        lists = ListCommands(handler: parts.handler(of: ListDecider.self), queryAPI: parts.queryAPI)
    }

    var routes: RouteCollection<ServiceRequestContext> {
        let routes = RouteCollection(context: ServiceRequestContext.self)
        let path = "api/v1/inventory/lists"
        routes.post("\(path)") { request, context in
            try request.requireNoExpectation()
            let origin = CommandOrigin("inventory.lists.create", key: try request.idempotencyKey(), context)
            return try await lists.create(try await request.readJSONFields(), origin)
        }
        routes.post("\(path)/{id}/lines") { request, context in
            let list = try context.segment("id")
            let origin = CommandOrigin("inventory.lists.add-line", key: try request.idempotencyKey(), context)
            let versions = try request.preconditions()
            return try await lists.addLine(to: list, try await request.readJSONFields(), origin, if: versions)
        }
        routes.delete("\(path)/{id}") { request, context in
            let origin = CommandOrigin("inventory.lists.delete", key: try request.idempotencyKey(), context)
            return try await lists.delete(context.segment("id"), origin, if: try request.preconditions())
        }
        return routes
    }
}
