// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

extension ItemEvent: JSONEvent {
    /// What can happen, by its wire name.
    public enum Kind: String, EventKind {
        /// There is a new item.
        case created = "inventory.items.created"
        /// Name, description or both were changed.
        case updated = "inventory.items.updated"
        /// The item was removed.
        case deleted = "inventory.items.deleted"
        /// A store has more or fewer of it.
        case adjusted = "inventory.stock.adjusted"
        /// Some of it was reserved.
        case reserved = "inventory.stock.reserved"
        /// A reservation, or a part of one, was given back.
        case released = "inventory.stock.released"
        /// What was reserved has left the store.
        case confirmed = "inventory.stock.confirmed"
    }

    /// What happened.
    public var kind: Kind {
        switch self {
        case .created: .created
        case .updated: .updated
        case .deleted: .deleted
        case .adjusted: .adjusted
        case .reserved: .reserved
        case .released: .released
        case .confirmed: .confirmed
        }
    }

    /// Writes the item's id and what else there is to say: SKU, name and description of items, store and quantity of stock.
    public func writeMembers(to json: inout JSONWriter) {
        json.member("id", id.description)
        switch self {
        case .created(let item):
            json.member("sku", item.sku)
            json.member("name", item.name)
            json.member("description", ifPresent: item.description)
        case .updated(let item):
            json.member("name", item.name)
            json.member("description", ifPresent: item.description)
        case .deleted(let item):
            json.member("sku", item.sku)
        case .adjusted(let stock):
            json.member("store", stock.store)
            json.member("quantity", stock.quantity)
            json.member("reason", ifPresent: stock.reason)
        case .reserved(let stock):
            json.member("reservationId", stock.reservationID.description)
            json.member("store", stock.store)
            json.member("quantity", stock.quantity)
            json.member("reference", ifPresent: stock.reference)
            json.member("expiresAt", ifPresent: stock.expiresAt?.description)
        case .released(let stock):
            json.member("reservationId", stock.reservationID.description)
            json.member("store", stock.store)
            json.member("quantity", stock.quantity)
            json.member("reference", ifPresent: stock.reference)
        case .confirmed(let stock):
            json.member("reservationId", stock.reservationID.description)
            json.member("store", stock.store)
            json.member("quantity", stock.quantity)
            json.member("reference", ifPresent: stock.reference)
        }
    }

    /// Reads an event of today's shape.
    public static func read(_ kind: Kind, _ data: EventData) throws(MalformedEvent) -> ItemEvent {
        let id = try data.uuid("id")
        switch kind {
        case .created:
            return .created(
                ItemCreated(
                    id: id, sku: try data.string("sku"), name: try data.string("name"),
                    description: try data.optionalString("description")))
        case .updated:
            return .updated(
                ItemUpdated(
                    id: id, name: try data.string("name"), description: try data.optionalString("description")))
        case .deleted:
            return .deleted(ItemDeleted(id: id, sku: try data.string("sku")))
        case .adjusted:
            return .adjusted(
                StockAdjusted(
                    id: id, store: try data.string("store"),
                    quantity: try data.integer("quantity", in: QuantityChange.range),
                    reason: try data.optionalString("reason")))
        case .reserved:
            return .reserved(
                StockReserved(
                    id: id, reservationID: try data.uuid("reservationId"), store: try data.string("store"),
                    quantity: try data.integer("quantity", in: Quantity.range),
                    reference: try data.optionalString("reference"),
                    expiresAt: try data.optionalTimestamp("expiresAt")))
        case .released:
            return .released(
                StockReleased(
                    id: id, reservationID: try data.uuid("reservationId"), store: try data.string("store"),
                    quantity: try data.integer("quantity", in: Quantity.range),
                    reference: try data.optionalString("reference")))
        case .confirmed:
            return .confirmed(
                StockConfirmed(
                    id: id, reservationID: try data.uuid("reservationId"), store: try data.string("store"),
                    quantity: try data.integer("quantity", in: Quantity.range),
                    reference: try data.optionalString("reference")))
        }
    }
}
