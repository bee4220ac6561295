// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// Some of an item was reserved in a store. Wire name `inventory.stock.reserved`.
public struct StockReserved: Sendable, Equatable {
    /// The item.
    public let id: UUIDv7
    /// The new reservation.
    public let reservationID: UUIDv7
    /// The store's code.
    public let store: String
    /// How many.
    public let quantity: Int
    /// For what, if somebody said.
    public let reference: String?
    /// When the reservation ends by itself; `nil` if it does not.
    public let expiresAt: Timestamp?

    /// Describes a reservation.
    public init(
        id: UUIDv7, reservationID: UUIDv7, store: String, quantity: Int, reference: String? = nil,
        expiresAt: Timestamp? = nil
    ) {
        self.id = id
        self.reservationID = reservationID
        self.store = store
        self.quantity = quantity
        self.reference = reference
        self.expiresAt = expiresAt
    }
}
