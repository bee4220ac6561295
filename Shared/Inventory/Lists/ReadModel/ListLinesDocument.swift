// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

/// What the detail keeps of a list: its summary, stored as it is, with an entry for each line beside it.
public struct ListLinesDocument: TombstoneDocument {
    /// A line.
    public typealias Entry = LineDocument

    /// The list without its lines.
    public let summary: ListDocument

    /// The version of the last event reflected.
    public var version: Int64 { summary.version }
    /// When the last event was recorded.
    public var updatedAt: Timestamp { summary.updatedAt }
    /// Whether the list has been deleted.
    public var isDeleted: Bool { summary.isDeleted }

    init(_ summary: ListDocument) { self.summary = summary }

    /// Reads a summary.
    public init(from decoder: any Decoder) throws { summary = try ListDocument(from: decoder) }

    /// Writes the summary.
    public func encode(to encoder: any Encoder) throws { try summary.encode(to: encoder) }
}
