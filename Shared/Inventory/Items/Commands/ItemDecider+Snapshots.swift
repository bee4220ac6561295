// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

extension ItemDecider {
    /// An item as it would be if it had just been taken in, with what is there and what is reserved.
    public static var snapshots: SnapshotCodec<State>? {
        .history(of: ItemDecider.self, schema: 1) { state in
            guard case .present(let item) = state else { return nil }
            let created = ItemCreated(id: item.id, sku: item.sku, name: item.name, description: item.description)
            return [.created(created)] + item.stock.history(of: item.id)
        }
    }
}
