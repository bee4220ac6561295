// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// A list was removed, with its lines. Wire name `inventory.lists.deleted`.
public struct ListDeleted: Sendable, Equatable {
    /// The list.
    public let id: UUIDv7

    /// Describes a removal.
    public init(id: UUIDv7) { self.id = id }
}
