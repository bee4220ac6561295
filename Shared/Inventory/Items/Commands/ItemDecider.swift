// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

/// The rules about items.
public enum ItemDecider: Decider {
    /// In how many stores an item can be. The read model keeps all of them in one document.
    public static let storeLimit = 1000

    /// How many reservations of one item can be open. The read model keeps all of them in one document, which stays below
    /// MongoDB's 16 MB with the longest references (docs/decisions/0031).
    public static let reservationLimit = 10_000

    /// How many reservations one command can release: each is an event, and all of them are one commit.
    public static let releaseLimit = Commit.limit

    /// What deciding needs to know.
    public enum State: Sendable, Equatable {
        /// There is no item yet.
        case absent
        /// The item exists.
        case present(Item)
        /// The item existed once.
        case deleted
    }

    /// What may be asked for.
    public enum Command: Sendable, Equatable {
        /// Takes a new item in.
        case create(CreateItem)
        /// Changes an item's name, description or both.
        case update(UpdateItem)
        /// Removes an item; the SKU is free afterwards.
        case delete
        /// Says that a store has more or fewer.
        case adjust(AdjustStock)
        /// Reserves some.
        case reserve(ReserveStock)
        /// Gives back what was reserved.
        case release(ReleaseStock)
        /// Carries a reservation out, the whole of it: the goods leave.
        case confirm(UUIDv7)
    }

    /// Why a command may be refused.
    public typealias Rejection = ItemRejection

    /// Nothing.
    public static let initialState = State.absent

    /// What follows from a command.
    public static func decide(_ command: Command, _ state: State) throws(ItemRejection) -> [ItemEvent] {
        if case .create(let item) = command {
            guard case .absent = state else { throw .alreadyExists }
            return created(item)
        }
        guard case .present(let item) = state else { throw .noSuchItem }
        switch command {
        case .create: throw .alreadyExists
        case .update(let change): return updated(item, change)
        case .delete: return [try deleted(item)]
        case .adjust(let command): return [.adjusted(try adjusted(item, command))]
        case .reserve(let command): return [.reserved(try reserved(item, command))]
        case .release(.reservation(let id, let quantity)): return [.released(try released(item, id, quantity))]
        case .release(.oldest(let quantity, let store)): return try releasedOldest(item, quantity, store)
        case .confirm(let id): return [.confirmed(try confirmed(item, id))]
        }
    }

    /// The state after an event. Costs the logarithm of what the item has, and the state before stays as it was.
    public static func evolve(_ state: State, _ event: ItemEvent) -> State {
        if case .created(let item) = event { return .present(Item(item)) }
        guard case .present(var item) = state else { return state }
        switch event {
        case .created: break
        case .updated(let change): (item.name, item.description) = (change.name, change.description)
        case .deleted: return .deleted
        case .adjusted(let stock): item.stock.adjust(stock.store, by: stock.quantity)
        case .reserved(let stock):
            item.stock.reserve(
                stock.reservationID, stock.store, quantity: stock.quantity, reference: stock.reference)
        case .released(let stock): item.stock.release(stock.reservationID, quantity: stock.quantity)
        case .confirmed(let stock): item.stock.confirm(stock.reservationID)
        }
        return .present(item)
    }

    /// An item has a SKU that no other may have.
    public static func claims(of state: State) -> Set<Claim> {
        if case .present(let item) = state { [Items.skuClaim(item.sku)] } else { [] }
    }

    /// SKUs are all that items claim.
    public static func rejection(taken claim: Claim) -> ItemRejection { .skuTaken }

    // MARK: The item

    private static func created(_ item: CreateItem) -> [ItemEvent] {
        let created = ItemCreated(
            id: item.id, sku: item.sku.text, name: item.name.text, description: item.description?.text)
        guard let quantity = item.quantity else { return [.created(created)] }
        let stock = StockAdjusted(id: item.id, store: item.store.text, quantity: quantity.value)
        return [.created(created), .adjusted(stock)]
    }

    private static func updated(_ item: Item, _ change: UpdateItem) -> [ItemEvent] {
        let description: String? =
            switch change.description {
            case .set(let description): description.text
            case .removed: nil
            case nil: item.description
            }
        let updated = ItemUpdated(id: item.id, name: change.name?.text ?? item.name, description: description)
        return updated == ItemUpdated(id: item.id, name: item.name, description: item.description)
            ? [] : [.updated(updated)]
    }

    private static func deleted(_ item: Item) throws(ItemRejection) -> ItemEvent {
        guard item.stock.reservationCount == 0 else { throw .stockReserved(reserved: item.stock.reserved) }
        return .deleted(ItemDeleted(id: item.id, sku: item.sku))
    }
}
