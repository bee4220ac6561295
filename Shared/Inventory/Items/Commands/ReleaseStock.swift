// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// Gives back what was reserved.
public enum ReleaseStock: Sendable, Equatable {
    /// Of one reservation so many, or all of it.
    case reservation(UUIDv7, quantity: Quantity?)
    /// So many in a store, of its oldest reservations first.
    case oldest(quantity: Quantity, store: StoreCode)
}
