// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// A reservation, or a part of one, was given back. Wire name `inventory.stock.released`.
public struct StockReleased: Sendable, Equatable {
    /// The item.
    public let id: UUIDv7
    /// The reservation.
    public let reservationID: UUIDv7
    /// The store's code.
    public let store: String
    /// How many are reserved no more.
    public let quantity: Int
    /// For what they were reserved, if somebody said.
    public let reference: String?

    /// Describes a release.
    public init(id: UUIDv7, reservationID: UUIDv7, store: String, quantity: Int, reference: String? = nil) {
        self.id = id
        self.reservationID = reservationID
        self.store = store
        self.quantity = quantity
        self.reference = reference
    }
}
