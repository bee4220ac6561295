// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An item made up for a measurement: the same prefix and number give the same item in every program.
public struct BenchItem: Sendable {
    /// Where items are taken in.
    public static let collection = "/api/v1/inventory/items"
    /// What reserves one.
    public static let reservation = #"{"quantity":1}"#
    /// What takes one out of stock.
    public static let adjustment = #"{"quantity":-1}"#

    /// Where it is, by its SKU, which is unique in prefix and number.
    public let path: String
    /// What takes it in, with as much in stock as there can be. Causes two events.
    public let json: String

    /// Makes up an item.
    ///
    /// - Parameter prefix: letters and digits.
    public init(_ prefix: String, _ number: Int) {
        path = "\(Self.collection)/sku/\(prefix)-\(number)"
        json = #"{"sku":"\#(prefix)-\#(number)","name":"Item \#(number)","quantity":1000000000}"#
    }
}
