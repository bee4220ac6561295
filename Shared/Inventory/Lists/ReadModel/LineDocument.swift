// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials

/// The entry of one line beside the document of its list. It is made of one event and never changes.
public struct LineDocument: ReadModelEntry {
    /// The version of the event that added it: the line's place in its list.
    public let version: Int64
    /// The line.
    public let lineId: String
    /// What it is about.
    public let product: String
    /// How many.
    public let quantity: Int

    init(_ line: LineAdded, version: Int64) {
        self.version = version
        lineId = line.lineID.description
        product = line.product
        quantity = line.quantity
    }
}
