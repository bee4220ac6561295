// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization

/// Hands out work to many tasks, each item once.
public final class WorkQueue<Item: Sendable>: Sendable {
    private let items: [Item]
    private let position = Atomic<Int>(0)

    /// Holds the items in order.
    public init(_ items: [Item]) { self.items = items }

    /// The next item, or `nil` when all have been handed out.
    public func next() -> Item? {
        let index = position.add(1, ordering: .relaxed).oldValue
        return index < items.count ? items[index] : nil
    }
}
