// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
public import Essentials

/// An open reservation, in the document of the item's reservations.
public struct ReservationDocument: Sendable, Equatable, Codable {
    /// The reservation.
    public let id: String
    /// The store's code.
    public let store: String
    /// How many are still reserved.
    public internal(set) var quantity: Int
    /// For what, if somebody said.
    public let reference: String?
    /// When it was made.
    public let reservedAt: Timestamp
    /// When it ends by itself; `nil` if it does not.
    public let expiresAt: Timestamp?
    /// The version of the event that made it: the order of reservations.
    public let version: Int64

    init(_ stock: StockReserved, _ recorded: RecordedEvent) {
        id = stock.reservationID.description
        store = stock.store
        quantity = stock.quantity
        reference = stock.reference
        reservedAt = recorded.recordedAt
        expiresAt = stock.expiresAt
        version = recorded.version
    }
}
