// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// What can happen to an item and its stock.
public enum ItemEvent: Sendable, Equatable {
    /// There is a new item.
    case created(ItemCreated)
    /// Name, description or both were changed.
    case updated(ItemUpdated)
    /// The item was removed.
    case deleted(ItemDeleted)
    /// A store has more or fewer of it.
    case adjusted(StockAdjusted)
    /// Some of it was reserved.
    case reserved(StockReserved)
    /// A reservation, or a part of one, was given back.
    case released(StockReleased)
    /// What was reserved has left the store.
    case confirmed(StockConfirmed)

    /// The item.
    public var id: UUIDv7 {
        switch self {
        case .created(let item): item.id
        case .updated(let item): item.id
        case .deleted(let item): item.id
        case .adjusted(let stock): stock.id
        case .reserved(let stock): stock.id
        case .released(let stock): stock.id
        case .confirmed(let stock): stock.id
        }
    }
}
