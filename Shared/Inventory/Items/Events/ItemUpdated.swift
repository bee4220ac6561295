// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// Name, description or both were changed. Wire name `inventory.items.updated`. Says all that holds afterwards, so that a
/// subscriber needs nothing else.
public struct ItemUpdated: Sendable, Equatable {
    /// The item.
    public let id: UUIDv7
    /// What it is called now, normalised.
    public let name: String
    /// What it is, normalised; `nil` if it has no description now.
    public let description: String?

    /// Describes a change.
    public init(id: UUIDv7, name: String, description: String? = nil) {
        self.id = id
        self.name = name
        self.description = description
    }
}
