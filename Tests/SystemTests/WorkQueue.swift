// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Synchronization

/// Hands out work to many tasks, each item once.
final class WorkQueue<Item: Sendable>: Sendable {
    private let items: [Item]
    private let position = Atomic<Int>(0)

    init(_ items: [Item]) { self.items = items }

    func next() -> Item? {
        let index = position.add(1, ordering: .relaxed).oldValue
        return index < items.count ? items[index] : nil
    }

    /// How many have been handed out.
    var taken: Int { min(position.load(ordering: .relaxed), items.count) }
}
