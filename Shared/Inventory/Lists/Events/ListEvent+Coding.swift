// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

extension ListEvent: JSONEvent {
    /// What can happen, by its wire name.
    public enum Kind: String, EventKind {
        /// There is a new list.
        case created = "inventory.lists.created"
        /// The list has one more line.
        case lineAdded = "inventory.lists.line-added"
        /// The list was removed.
        case deleted = "inventory.lists.deleted"
    }

    /// What happened.
    public var kind: Kind {
        switch self {
        case .created: .created
        case .lineAdded: .lineAdded
        case .deleted: .deleted
        }
    }

    /// Writes the list's id and what else there is to say: customer and expiry of lists, product and quantity of lines.
    public func writeMembers(to json: inout JSONWriter) {
        json.member("id", id.description)
        switch self {
        case .created(let list):
            json.member("customer", list.customer)
            json.member("expiresOn", list.expiresOn)
        case .lineAdded(let line):
            json.member("lineId", line.lineID.description)
            json.member("product", line.product)
            json.member("quantity", line.quantity)
        case .deleted:
            break
        }
    }

    /// Reads an event of today's shape.
    public static func read(_ kind: Kind, _ data: EventData) throws(MalformedEvent) -> ListEvent {
        let id = try data.uuid("id")
        switch kind {
        case .created:
            return .created(
                ListCreated(
                    id: id, customer: try data.string("customer"), expiresOn: try data.string("expiresOn")))
        case .lineAdded:
            return .lineAdded(
                LineAdded(
                    id: id, lineID: try data.uuid("lineId"), product: try data.string("product"),
                    quantity: try data.integer("quantity", in: Quantity.range)))
        case .deleted:
            return .deleted(ListDeleted(id: id))
        }
    }
}
