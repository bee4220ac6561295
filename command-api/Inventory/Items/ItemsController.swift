// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Hummingbird
import Inventory
import ServiceKit

/// The routes of the commands on items.
struct ItemsController: HTTPController {
    let items: ItemCommands
    private let lines: LineImport

    init(_ parts: CommandParts) {
        items = ItemCommands(handler: parts.handler(of: ItemDecider.self), queryAPI: parts.queryAPI)
        lines = LineImport(scope: "inventory.items.import", problems: parts.problems)
    }

    private static let path = "api/v1/inventory/items"

    var routes: RouteCollection<ServiceRequestContext> {
        let routes = RouteCollection(context: ServiceRequestContext.self)
        routes.post("\(Self.path)") { request, context in
            try request.requireNoExpectation()
            let origin = CommandOrigin("inventory.items.create", key: try request.idempotencyKey(), context)
            return try await items.create(try await request.readJSONFields(), origin)
        }
        routes.post("\(Self.path)/import") { request, context in
            try lines.respond(request, context) { try await items.create($0, $1) }
        }
        for item in ["{id}", "sku/{sku}"] {
            let path = "\(Self.path)/\(item)"
            routes.patch("\(path)", use: carryOut("inventory.items.update") { try ItemRequest.update($1) })
            routes.delete("\(path)", use: delete)
            routes.post("\(path)/adjust", use: carryOut("inventory.stock.adjust") { try ItemRequest.adjust($1) })
            routes.post(
                "\(path)/reserve",
                use: carryOut("inventory.stock.reserve") { try ItemRequest.reserve(UUIDv7(at: $0), at: $0, $1) })
            routes.post("\(path)/release", use: carryOut("inventory.stock.release") { try ItemRequest.release($1) })
            routes.post("\(path)/confirm", use: carryOut("inventory.stock.confirm") { try ItemRequest.confirm($1) })
        }
        return routes
    }

    /// A route whose body says what to do with the item in the path.
    ///
    /// - Parameter scope: what an idempotency key is unique within. Stored: it never changes.
    private func carryOut(
        _ scope: String, _ read: @escaping @Sendable (Timestamp, consuming JSONFields) throws -> ItemRequest
    ) -> @Sendable (Request, ServiceRequestContext) async throws -> CommandAnswer {
        { request, context in
            let name = try Self.name(context)
            let origin = CommandOrigin(scope, key: try request.idempotencyKey(), context)
            let versions = try request.preconditions()
            let fields = try await request.readJSONFields()
            return try await items.carryOut(on: name, origin, if: versions) { try read($0, fields) }
        }
    }

    /// `DELETE` of an item: the SKU is free afterwards.
    @Sendable
    private func delete(_ request: Request, context: ServiceRequestContext) async throws -> CommandAnswer {
        let origin = CommandOrigin("inventory.items.delete", key: try request.idempotencyKey(), context)
        return try await items.carryOut(
            on: Self.name(context), origin, if: try request.preconditions()
        ) { _ in .delete }
    }

    /// What the path calls the item.
    private static func name(_ context: ServiceRequestContext) throws -> ItemCommands.Name {
        if context.parameters.get("sku") != nil { return .sku(try context.segment("sku")) }
        return .id(try context.segment("id"))
    }
}
