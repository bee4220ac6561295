// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// A list has one more line. Wire name `inventory.lists.line-added`.
public struct LineAdded: Sendable, Equatable {
    /// The list.
    public let id: UUIDv7
    /// The new line.
    public let lineID: UUIDv7
    /// What it is about, normalised.
    public let product: String
    /// How many.
    public let quantity: Int

    /// Describes a line.
    public init(id: UUIDv7, lineID: UUIDv7, product: String, quantity: Int) {
        self.id = id
        self.lineID = lineID
        self.product = product
        self.quantity = quantity
    }
}
