// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// The rules about what there is of an item.
extension ItemDecider {
    static func adjusted(_ item: Item, _ command: AdjustStock) throws(ItemRejection) -> StockAdjusted {
        let (store, change) = (command.store.text, command.change.value)
        let present = item.stock[store]
        guard present.available + change >= 0 else { throw .insufficientStock(available: present.available) }
        guard present.quantity + change <= Quantity.maximum else { throw .tooMuchStock }
        guard item.stock.knows(store) || item.stock.storeCount < storeLimit else { throw .tooManyStores }
        return StockAdjusted(id: item.id, store: store, quantity: change, reason: command.reason?.text)
    }

    static func reserved(_ item: Item, _ command: ReserveStock) throws(ItemRejection) -> StockReserved {
        let (store, quantity) = (command.store.text, command.quantity.value)
        let available = item.stock[store].available
        guard quantity <= available else { throw .insufficientStock(available: available) }
        guard item.stock.reservation(command.id) == nil else { throw .reservationExists }
        guard item.stock.reservationCount < reservationLimit else { throw .tooManyReservations }
        return StockReserved(
            id: item.id, reservationID: command.id, store: store, quantity: quantity,
            reference: command.reference?.text, expiresAt: command.expiresAt)
    }

    static func released(_ item: Item, _ id: UUIDv7, _ quantity: Quantity?) throws(ItemRejection) -> StockReleased {
        let reserved = item.stock.reservation(id)
        let held = reserved?.quantity ?? 0
        guard let reserved, quantity.map({ $0.value <= held }) ?? true else { throw .notReserved(reserved: held) }
        return StockReleased(item.id, id, reserved, quantity: quantity?.value ?? held)
    }

    static func releasedOldest(
        _ item: Item, _ quantity: Quantity, _ store: StoreCode
    ) throws(ItemRejection) -> [ItemEvent] {
        let stock = item.stock[store.text]
        guard quantity.value <= stock.reserved else { throw .notReserved(reserved: stock.reserved) }
        var events: [ItemEvent] = []
        var rest = quantity.value
        var next = stock.oldest
        while rest > 0, let id = next, let reservation = item.stock.reservation(id) {
            guard events.count < releaseLimit else { throw .tooManyToRelease }
            let part = min(rest, reservation.quantity)
            events.append(.released(StockReleased(item.id, id, reservation, quantity: part)))
            rest -= part
            next = reservation.newer
        }
        return events
    }

    static func confirmed(_ item: Item, _ id: UUIDv7) throws(ItemRejection) -> StockConfirmed {
        guard let reserved = item.stock.reservation(id) else { throw .notReserved(reserved: 0) }
        return StockConfirmed(
            id: item.id, reservationID: id, store: reserved.store, quantity: reserved.quantity,
            reference: reserved.reference)
    }
}

extension StockReleased {
    fileprivate init(_ item: UUIDv7, _ id: UUIDv7, _ reservation: OpenReservation, quantity: Int) {
        self.init(
            id: item, reservationID: id, store: reservation.store, quantity: quantity, reference: reservation.reference)
    }
}
