// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// Reserves some of an item. The edge makes the identifier and the times, so that deciding repeats exactly.
public struct ReserveStock: Sendable, Equatable {
    /// The new reservation.
    public let id: UUIDv7
    /// How many.
    public let quantity: Quantity
    /// Where.
    public let store: StoreCode
    /// For what, if somebody says.
    public let reference: Remark?
    /// When it ends by itself, as of ``ReservationPeriod/end(from:)``; `nil` if it does not.
    public let expiresAt: Timestamp?

    /// Describes a reservation.
    public init(
        id: UUIDv7, quantity: Quantity, store: StoreCode = .main, reference: Remark? = nil, expiresAt: Timestamp? = nil
    ) {
        self.id = id
        self.quantity = quantity
        self.store = store
        self.reference = reference
        self.expiresAt = expiresAt
    }
}
