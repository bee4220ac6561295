// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A line as queries see one.
public struct LineView: Sendable, Equatable {
    /// The line.
    public let lineId: String
    /// What it is about.
    public let product: String
    /// How many.
    public let quantity: Int

    /// What an entry shows.
    public init(_ document: LineDocument) {
        lineId = document.lineId
        product = document.product
        quantity = document.quantity
    }

    /// The lines that a list has at its document's version. Entries are written before it: one that is further belongs to
    /// what comes next, and a deleted list has none, whatever is still there.
    ///
    /// - Parameter entries: some entries of the list, in order of their versions.
    public static func lines(of list: ListLinesDocument, _ entries: [LineDocument]) -> [LineView] {
        list.isDeleted ? [] : entries.prefix { $0.version <= list.version }.map(LineView.init)
    }
}
