// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// There is a new list. Wire name `inventory.lists.created`.
public struct ListCreated: Sendable, Equatable {
    /// The new list.
    public let id: UUIDv7
    /// Whose list it is, normalised.
    public let customer: String
    /// The day on which its goods expire, as ``ExpiryDate/text``.
    public let expiresOn: String

    /// Describes a new list.
    public init(id: UUIDv7, customer: String, expiresOn: String) {
        self.id = id
        self.customer = customer
        self.expiresOn = expiresOn
    }
}
