// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// What a store has of an item.
struct StoreStock: Sendable, Equatable {
    /// How many are there.
    var quantity = 0
    /// How many of these are reserved.
    var reserved = 0
    /// The reservation that was made first of those that are open; `nil` without any.
    var oldest: UUIDv7?
    /// The one that was made last.
    var newest: UUIDv7?

    /// How many can be reserved or taken away.
    var available: Int { quantity - reserved }
}
