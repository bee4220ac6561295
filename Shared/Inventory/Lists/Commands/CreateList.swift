// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// Begins a list. The edge makes the identifier, so that deciding repeats exactly.
public struct CreateList: Sendable, Equatable {
    /// The new list.
    public let id: UUIDv7
    /// Whose list it is.
    public let customer: Customer
    /// The day on which its goods expire.
    public let expiresOn: ExpiryDate

    /// Describes a new list.
    public init(id: UUIDv7, customer: Customer, expiresOn: ExpiryDate) {
        self.id = id
        self.customer = customer
        self.expiresOn = expiresOn
    }
}
