// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import HashTreeCollections

/// What there is of an item: for each store how many, and the open reservations.
///
/// An item under load has thousands of reservations, and states are kept while later ones are made of them. So both tables
/// are trees that share what they have in common with their copies: a copy costs nothing, a change the logarithm of their
/// size. The order of a store's reservations is a list through the table: none is ever looked for.
///
/// Changes never fail: what no decision could have led to is left out, or makes numbers that a projection refuses.
public struct Stock: Sendable, Equatable {
    private var stores: TreeDictionary<String, StoreStock> = [:]
    private var reservations: TreeDictionary<UUIDv7, OpenReservation> = [:]

    /// How many stores have, or once had, some.
    var storeCount: Int { stores.count }

    /// How many reservations are open.
    var reservationCount: Int { reservations.count }

    /// How many are reserved in all stores.
    var reserved: Int { stores.values.reduce(0) { $0 + $1.reserved } }

    /// Whether a store has, or once had, some.
    func knows(_ store: String) -> Bool { stores[store] != nil }

    /// What a store has.
    subscript(store: String) -> StoreStock { stores[store] ?? StoreStock() }

    /// An open reservation.
    func reservation(_ id: UUIDv7) -> OpenReservation? { reservations[id] }

    /// The fewest events that make the same of an item: what each store has, and then what is reserved there, the oldest first.
    func history(of item: UUIDv7) -> [ItemEvent] {
        stores.flatMap { code, stock in
            var events = [ItemEvent.adjusted(StockAdjusted(id: item, store: code, quantity: stock.quantity))]
            var next = stock.oldest
            while let id = next, let reservation = reservations[id] {
                events.append(
                    .reserved(
                        StockReserved(
                            id: item, reservationID: id, store: code, quantity: reservation.quantity,
                            reference: reservation.reference)))
                next = reservation.newer
            }
            return events
        }
    }

    // MARK: Changes

    /// A store has more or, if negative, fewer.
    mutating func adjust(_ store: String, by quantity: Int) {
        stores[store, default: StoreStock()].quantity += quantity
    }

    /// Opens a reservation, the newest of its store.
    mutating func reserve(_ id: UUIDv7, _ store: String, quantity: Int, reference: String?) {
        guard reservations[id] == nil else { return }
        var stock = self[store]
        stock.reserved += quantity
        if let newest = stock.newest { reservations[newest]?.newer = id } else { stock.oldest = id }
        reservations[id] = OpenReservation(
            store: store, quantity: quantity, reference: reference, older: stock.newest, newer: nil)
        stock.newest = id
        stores[store] = stock
    }

    /// Gives back so many of a reservation, and closes it when none is left.
    mutating func release(_ id: UUIDv7, quantity: Int) {
        guard var reservation = reservations[id] else { return }
        stores[reservation.store]?.reserved -= quantity
        reservation.quantity -= quantity
        if reservation.quantity > 0 { reservations[id] = reservation } else { close(id, reservation) }
    }

    /// Takes what is reserved out of the store, and closes the reservation.
    mutating func confirm(_ id: UUIDv7) {
        guard let reservation = reservations[id] else { return }
        stores[reservation.store]?.quantity -= reservation.quantity
        release(id, quantity: reservation.quantity)
    }

    private mutating func close(_ id: UUIDv7, _ reservation: OpenReservation) {
        reservations[id] = nil
        if let older = reservation.older {
            reservations[older]?.newer = reservation.newer
        } else {
            stores[reservation.store]?.oldest = reservation.newer
        }
        if let newer = reservation.newer {
            reservations[newer]?.older = reservation.older
        } else {
            stores[reservation.store]?.newest = reservation.older
        }
    }
}
