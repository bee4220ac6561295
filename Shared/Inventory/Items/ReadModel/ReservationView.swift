// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// An open reservation as queries see one.
public struct ReservationView: Sendable, Equatable {
    /// The reservation.
    public let id: String
    /// The store's code.
    public let store: String
    /// How many are still reserved.
    public let quantity: Int
    /// For what, if somebody said.
    public let reference: String?
    /// When it was made.
    public let reservedAt: Timestamp
    /// When it ends by itself; `nil` if it does not.
    public let expiresAt: Timestamp?

    init(_ document: ReservationDocument) {
        id = document.id
        store = document.store
        quantity = document.quantity
        reference = document.reference
        reservedAt = document.reservedAt
        expiresAt = document.expiresAt
    }

    /// What a document shows, the oldest first.
    ///
    /// - Returns: `nil` for what a deleted item left.
    public static func all(in document: ReservationsDocument) -> [ReservationView]? {
        document.isDeleted ? nil : document.oldestFirst.map(ReservationView.init)
    }
}
