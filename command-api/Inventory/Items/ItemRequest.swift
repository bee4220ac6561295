// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Inventory
import ServiceKit

/// What a request asks of an item, checked, and what makes it the same request as another, for an idempotency key.
///
/// Each finds everything that is wrong with its fields before it complains, with 422 `invalid-fields`.
struct ItemRequest {
    let command: ItemDecider.Command
    /// Without the item itself.
    let fingerprint: [String?]

    private init(_ command: ItemDecider.Command, _ fingerprint: String?...) {
        self.command = command
        self.fingerprint = fingerprint
    }

    /// `{"sku","name","description"?,"quantity"?,"store"?}`: takes a new item in.
    static func create(_ id: UUIDv7, _ fields: consuming JSONFields) throws(ProblemDetails) -> ItemRequest {
        let sku = fields.string("sku", SKU.init(_:))
        let name = fields.string("name", ItemName.init(_:))
        let description = fields.optionalString("description", ItemDescription.init(_:))
        let quantity = fields.optionalInteger("quantity", Quantity.orNone(_:)) ?? nil
        let store = fields.store()
        try fields.finish()
        guard let sku, let name else { preconditionFailure("a missing field is an error of its own") }
        return ItemRequest(
            .create(
                CreateItem(
                    id: id, sku: sku, name: name, description: description, quantity: quantity, store: store)),
            sku.text, name.text, description?.text, quantity.map { "\($0.value)" }, store.text)
    }

    /// `{"name"?,"description"?}`: changes an item. What is absent stays as it is; a description of `null` is none.
    static func update(_ fields: consuming JSONFields) throws(ProblemDetails) -> ItemRequest {
        if fields.count == 0 { fields.refuse("must change something: name, description or both") }
        let name = fields.optionalString("name", ItemName.init(_:))
        let description: DescriptionChange? =
            fields.value("description") == .null
            ? .removed : fields.optionalString("description", ItemDescription.init(_:)).map { .set($0) }
        try fields.finish()
        let text: String? =
            switch description {
            case .set(let description): "=\(description.text)"
            case .removed: ""
            case nil: nil
            }
        return ItemRequest(.update(UpdateItem(name: name, description: description)), name?.text, text)
    }

    /// `{"quantity","store"?,"reason"?}`: there are more or fewer.
    static func adjust(_ fields: consuming JSONFields) throws(ProblemDetails) -> ItemRequest {
        let change = fields.integer("quantity", QuantityChange.init(_:))
        let store = fields.store()
        let reason = fields.optionalString("reason", Remark.init(_:))
        try fields.finish()
        guard let change else { preconditionFailure("a missing field is an error of its own") }
        return ItemRequest(
            .adjust(AdjustStock(change: change, store: store, reason: reason)), "\(change.value)", store.text,
            reason?.text)
    }

    /// `{"quantity","store"?,"reference"?,"expiresInSeconds"?}`: reserves some.
    ///
    /// - Parameters:
    ///   - id: the reservation to be.
    ///   - now: when it begins.
    static func reserve(
        _ id: UUIDv7, at now: Timestamp, _ fields: consuming JSONFields
    ) throws(ProblemDetails) -> ItemRequest {
        let quantity = fields.integer("quantity", Quantity.init(_:))
        let store = fields.store()
        let reference = fields.optionalString("reference", Remark.init(_:))
        let period = fields.optionalInteger("expiresInSeconds", ReservationPeriod.init(seconds:))
        try fields.finish()
        guard let quantity else { preconditionFailure("a missing field is an error of its own") }
        return ItemRequest(
            .reserve(
                ReserveStock(
                    id: id, quantity: quantity, store: store, reference: reference, expiresAt: period?.end(from: now))),
            "\(quantity.value)", store.text, reference?.text, period.map { "\($0.seconds)" })
    }

    /// `{"reservationId","quantity"?}` or `{"quantity","store"?}`: gives back what was reserved.
    static func release(_ fields: consuming JSONFields) throws(ProblemDetails) -> ItemRequest {
        guard fields.contains("reservationId") else {
            let quantity = fields.integer("quantity", Quantity.init(_:))
            let store = fields.store()
            try fields.finish()
            guard let quantity else { preconditionFailure("a missing field is an error of its own") }
            return ItemRequest(
                .release(.oldest(quantity: quantity, store: store)), nil, "\(quantity.value)", store.text)
        }
        let reservation = fields.reservation()
        let quantity = fields.optionalInteger("quantity", Quantity.init(_:))
        try fields.finish()
        guard let reservation else { preconditionFailure("a missing field is an error of its own") }
        return ItemRequest(
            .release(.reservation(reservation, quantity: quantity)), reservation.description,
            quantity.map { "\($0.value)" })
    }

    /// `{"reservationId"}`: the goods leave.
    static func confirm(_ fields: consuming JSONFields) throws(ProblemDetails) -> ItemRequest {
        let reservation = fields.reservation()
        try fields.finish()
        guard let reservation else { preconditionFailure("a missing field is an error of its own") }
        return ItemRequest(.confirm(reservation), reservation.description)
    }

    /// Removes an item.
    static var delete: ItemRequest { ItemRequest(.delete) }
}

extension JSONFields {
    /// `store`; without one the main store.
    fileprivate mutating func store() -> StoreCode { optionalString("store", StoreCode.init(_:)) ?? .main }

    /// `reservationId`. Returns `nil` after noting an error.
    fileprivate mutating func reservation() -> UUIDv7? {
        guard let text = string("reservationId") else { return nil }
        guard let id = UUIDv7(text) else {
            refuse("reservationId", "must be a version 7 UUID")
            return nil
        }
        return id
    }
}
