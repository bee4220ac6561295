// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Why a command on an item may be refused.
public enum ItemRejection: Error, Sendable, Equatable {
    /// The identifier belongs to an item already, or once did.
    case alreadyExists
    /// Another item has the SKU.
    case skuTaken
    /// There is no such item.
    case noSuchItem
    /// The store has fewer than that to reserve or take away.
    case insufficientStock(available: Int)
    /// The store would have more than ``Quantity/maximum``.
    case tooMuchStock
    /// The item would be in more than ``ItemDecider/storeLimit`` stores.
    case tooManyStores
    /// The identifier belongs to an open reservation already.
    case reservationExists
    /// The item would have more than ``ItemDecider/reservationLimit`` open reservations.
    case tooManyReservations
    /// So many are not reserved, there or by that reservation. Says how many are; 0 when there is no such reservation.
    case notReserved(reserved: Int)
    /// More than ``ItemDecider/releaseLimit`` reservations would have to be released at once.
    case tooManyToRelease
    /// Something is reserved, so the item cannot go. Says how many.
    case stockReserved(reserved: Int)
}
