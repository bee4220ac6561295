// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// Adds a line to a list. The edge makes the identifier, so that deciding repeats exactly.
public struct AddLine: Sendable, Equatable {
    /// The new line.
    public let id: UUIDv7
    /// What it is about.
    public let product: Product
    /// How many.
    public let quantity: Quantity

    /// Describes a line.
    public init(id: UUIDv7, product: Product, quantity: Quantity) {
        self.id = id
        self.product = product
        self.quantity = quantity
    }
}
