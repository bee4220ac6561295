// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import Essentials
import HTTPTypes
import Hummingbird
import Inventory
import ServiceKit

/// The queries on items and their stock.
struct ItemsController<
    Model: ReadModelQueries<ItemDocument>, ReservationsModel: ReadModelQueries<ReservationsDocument>
>: HTTPController {
    let items: EntityQueries<ItemProjection, Model, ItemAnswer>
    let reservations: EntityQueries<ReservationsProjection, ReservationsModel, PreparedAnswer>
    let lists: any ReadModelListing<ItemDocument>
    let feed: EntityFeed<ItemDocument>

    init(
        items: NearCache<Model, ItemAnswer>, reservations: NearCache<ReservationsModel, PreparedAnswer>,
        lists: any ReadModelListing<ItemDocument>, feed: EntityFeed<ItemDocument>, events: any EventQueries
    ) {
        self.items = EntityQueries(items, events: events, notFound: .itemNotFound, notYet: .itemNotYetThere)
        self.reservations = EntityQueries(
            reservations, events: events, notFound: .itemNotFound, notYet: .itemNotYetThere)
        self.lists = lists
        self.feed = feed
    }

    private static var path: String { "api/v1/inventory/items" }

    var routes: RouteCollection<ServiceRequestContext> {
        let routes = RouteCollection(context: ServiceRequestContext.self)
        routes.get("api/v1/inventory/changes", use: feed.respond)
        routes.get("\(Self.path)", use: list)
        for item in ["{id}", "sku/{sku}"] {
            let path = "\(Self.path)/\(item)"
            routes.get("\(path)") { try await items.show(address($1), $0, $1, \.item) }
            routes.get("\(path)/stock") { try await items.show(address($1), $0, $1, \.stock) }
            routes.get("\(path)/availability", use: availability)
            routes.get("\(path)/history") { try await items.history(address($1), $0) }
        }
        routes.get("\(Self.path)/{id}/reservations") { try await reservations.show(address($1), $0, $1) { $0 } }
        return routes
    }

    /// Items and their stock without conditions.
    var hotRoutes: [HotRoute] { hotRoutes("") { $0.item } + hotRoutes("/stock") { $0.stock } }

    private func hotRoutes(_ suffix: String, _ part: @escaping @Sendable (ItemAnswer) -> PreparedAnswer) -> [HotRoute] {
        [
            .get(prefix: "/\(Self.path)/sku/", parameter: "sku", suffix: suffix) { request in
                items.hot(request.segment.uppercased(), part) { EntityAddress(sku: request.segment) }
            },
            .get(prefix: "/\(Self.path)/", parameter: "id", suffix: suffix) { request in
                guard case .stream(let stream)? = EntityAddress(itemID: request.segment) else { return .pass }
                return items.hot(stream, part)
            },
        ]
    }

    /// `GET` of items: a page, by name.
    @Sendable
    private func list(_ request: Request, context: ServiceRequestContext) async throws -> Response {
        let query = try ListQuery(
            request, list: ItemProjection.name, startingWith: "name", maximumLength: ItemName.maximumLength,
            key: ItemName.key(ofPrefix:))
        let page = try await lists.page(
            by: ItemDocument.byName, prefix: query.prefix, after: query.position, limit: query.limit)
        return query.response(page, ItemAnswer.item)
    }

    /// `GET` of whether so many can be had: `{"sku","quantity","isAvailable","stores":[…]}`, with the stores that can serve
    /// them.
    @Sendable
    private func availability(_ request: Request, context: ServiceRequestContext) async throws -> Response {
        let query = try AvailabilityQuery(request)
        let stock = try await items.find(address(context), query.condition, request, context).0.answer.view
        let stores = stock.stores(with: query.quantity, in: query.store)
        return .versioned(stock.version) { json in
            json.beginObject()
            json.member("sku", stock.sku)
            json.member("quantity", query.quantity.value)
            json.member("isAvailable", !stores.isEmpty)
            json.key("stores")
            stores.write(to: &json)
            json.endObject()
        }
    }

    /// What the path calls the item.
    ///
    /// - Throws: 404 for what is neither.
    private func address(_ context: ServiceRequestContext) throws -> EntityAddress {
        let address =
            context.parameters.get("sku") == nil
            ? EntityAddress(itemID: try context.segment("id")) : EntityAddress(sku: try context.segment("sku"))
        guard let address else { throw ProblemDetails(.itemNotFound) }
        return address
    }
}

extension EntityAddress {
    /// The item of an identifier; `nil` for what is none.
    init?(itemID text: String) {
        guard let id = UUIDv7(text) else { return nil }
        self = .stream(Items.stream(of: id))
    }

    /// The item that has a SKU; `nil` for what is none, and no item's.
    init?(sku text: String) {
        guard let sku = try? SKU(text) else { return nil }
        self = .key(sku.text, Items.skuClaim(sku.text))
    }
}

extension ReadModelServing {
    /// The queries on items and their stock.
    func items() -> ServedContext {
        let items = serve(ItemProjection.self, ItemAnswer.content, ItemAnswer.item)
        let reservations = serve(ReservationsProjection.self, ReservationsAnswer.content, ReservationsAnswer.item)
        let controller = ItemsController(
            items: items.cache, reservations: reservations.cache, lists: items.model, feed: items.feed, events: events)
        return ServedContext(
            controller: controller, parts: items.parts + reservations.parts,
            graph: ItemGraph(items: controller.items, lists: items.model))
    }
}

extension ProblemType {
    /// 404: there is no such item.
    static let itemNotFound = ProblemType(
        "/problems/item-not-found", status: .notFound, title: "There is no such item")
    /// 404: the item was taken in later than the time asked for.
    static let itemNotYetThere = ProblemType(
        "/problems/item-not-yet-there", status: .notFound, title: "The item was not there at that time")
}
