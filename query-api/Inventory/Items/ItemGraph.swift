// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import Essentials
import GraphQL
import Inventory

/// Items and their stock by GraphQL.
struct ItemGraph<Model: ReadModelQueries<ItemDocument>>: GraphQLAnswers {
    let items: EntityQueries<ItemProjection, Model, ItemAnswer>
    let lists: any ReadModelListing<ItemDocument>

    func addFields(to query: inout ObjectResolvers<GraphQLContext, RootObject>) {
        query.batch("item") { requests, context in
            await items.answers(to: requests, context) { arguments in
                switch (arguments.string("sku"), arguments.string("id")) {
                case (let sku?, nil): EntityAddress(sku: sku)
                case (nil, let id?): EntityAddress(itemID: id)
                default: throw FieldFailure("Name an item by one of sku and id.")
                }
            }.map { $0.map { $0.map { ItemNode(item: $0.details, stock: $0.view) } } }
        }
        query.list(
            "items", of: lists, by: ItemDocument.byName, list: ItemProjection.name,
            maximumLength: ItemName.maximumLength, key: ItemName.key(ofPrefix:)
        ) { document -> ItemNode? in
            guard let item = ItemView(document), let stock = StockView(document) else { return nil }
            return ItemNode(item: item, stock: stock)
        }
    }

    func addTypes(to resolvers: inout Resolvers<GraphQLContext>) {
        resolvers.object("Item", of: ItemNode.self) { item in
            item.property("id") { $0.item.id }
            item.property("sku") { $0.item.sku }
            item.property("name") { $0.item.name }
            item.property("description") { $0.item.description }
            item.property("quantity") { $0.item.quantity }
            item.property("reserved") { $0.item.reserved }
            item.property("available") { $0.item.available }
            item.property("version") { Int($0.item.version) }
            item.property("createdAt") { $0.item.createdAt.description }
            item.property("updatedAt") { $0.item.updatedAt.description }
            item.property("stock") { $0.stock.stores.map(StoreNode.init) }
            item.history(items.events) { UUIDv7($0.item.id).map(Items.stream(of:)) }
        }
        resolvers.object("StoreStock", of: StoreNode.self) { store in
            store.property("store") { $0.view.store }
            store.property("quantity") { $0.view.quantity }
            store.property("reserved") { $0.view.reserved }
            store.property("available") { $0.view.available }
        }
        resolvers.connection("Item", of: ItemNode.self)
    }
}

private struct ItemNode: GraphQLObject {
    let item: ItemView
    let stock: StockView
}

private struct StoreNode: GraphQLObject {
    let view: StoreView
}
