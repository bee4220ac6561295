// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import Essentials
import Inventory
import ServiceKit

/// An item as it is sent, in each of its forms. A class, so that whoever takes one from memory takes one reference.
final class ItemAnswer: Sendable {
    /// `{"id","sku","name","description"?,"quantity","reserved","available","version","createdAt","updatedAt"}`
    let item: PreparedAnswer
    /// `{"id","sku","quantity","reserved","available","version","stores":[…]}`
    let stock: PreparedAnswer
    /// For those who ask for single fields.
    let details: ItemView
    /// For what is computed of it.
    let view: StockView

    init?(_ document: ItemDocument) {
        guard let item = ItemView(document), let view = StockView(document) else { return nil }
        self.item = PreparedAnswer(version: item.version, item.write)
        stock = PreparedAnswer(version: view.version, view.write)
        details = item
        self.view = view
    }

    /// The memory it takes, in bytes, about. What both views have is there once.
    private var sizeBytes: Int {
        let texts = [details.id, details.sku, details.name, details.description ?? ""].map(\.utf8.count)
        return item.sizeBytes + stock.sizeBytes + texts.reduce(160, +) + 96 * view.stores.count
    }

    /// How the near cache keeps items.
    static let content = NearCacheContent<ItemDocument, ItemAnswer>(
        lookup: ItemDocument.bySKU,
        stream: { UUIDv7($0.id).map(Items.stream(of:)) },
        answer: { document in
            ItemAnswer(document).map { ($0, $0.sizeBytes) }
        })

    /// Writes an item; `nil` for what a deleted one left.
    static func item(_ document: ItemDocument) -> ((inout JSONWriter) -> Void)? { ItemView(document)?.write }
}

extension ItemView {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("id", id)
        json.member("sku", sku)
        json.member("name", name)
        json.member("description", ifPresent: description)
        json.member("quantity", quantity)
        json.member("reserved", reserved)
        json.member("available", available)
        json.member("version", version)
        json.member("createdAt", createdAt.description)
        json.member("updatedAt", updatedAt.description)
        json.endObject()
    }
}

extension StockView {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("id", id)
        json.member("sku", sku)
        json.member("quantity", quantity)
        json.member("reserved", reserved)
        json.member("available", available)
        json.member("version", version)
        json.key("stores")
        stores.write(to: &json)
        json.endObject()
    }
}

extension [StoreView] {
    /// Writes `[{"store","quantity","reserved","available"}]`.
    func write(to json: inout JSONWriter) {
        json.beginArray()
        for store in self {
            json.beginObject()
            json.member("store", store.store)
            json.member("quantity", store.quantity)
            json.member("reserved", store.reserved)
            json.member("available", store.available)
            json.endObject()
        }
        json.endArray()
    }
}
