// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

/// The names under which items are known outside. They are stored and sent: they never change.
public enum Items {
    /// The category of their streams: `item-<uuid>`.
    public static let streamCategory = "item"

    /// Which events their read models subscribe to, as AMQP topic patterns.
    public static let eventPatterns = ["inventory.items.*", "inventory.stock.*"]

    /// The claim of a SKU.
    ///
    /// - Parameter text: the SKU as ``SKU/text``.
    public static func skuClaim(_ text: String) -> Claim { Claim("sku", text) }

    /// The stream of one item.
    public static func stream(of id: UUIDv7) -> StreamID { StreamID(category: streamCategory, id: id) }
}
