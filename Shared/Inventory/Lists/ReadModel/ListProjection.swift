// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// The summaries of lists as a fold.
public enum ListProjection: Projection {
    /// `inventory_lists`.
    public static let name = "inventory_lists"
    /// `list`.
    public static let category = Lists.streamCategory
    /// All that can happen to lists.
    public static let eventPatterns = Lists.eventPatterns
    /// By the day of expiry, the latest first.
    public static let lists = [ListDocument.byExpiry]

    /// The summary after an event.
    public static func evolve(
        _ document: ListDocument?, _ event: ListEvent, _ recorded: RecordedEvent
    ) throws(MalformedEvent) -> ListDocument {
        try recorded.check(isIn: Lists.stream(of: event.id))
        if case .created(let list) = event {
            try document.checkAbsent()
            return ListDocument(list, version: recorded.version, createdAt: recorded.recordedAt)
        }
        var list = try document.existing()
        switch event {
        case .created: break
        case .lineAdded(let line): list.totalItems += line.quantity
        case .deleted: (list.customer, list.totalItems, list.expiresOn, list.expiryKey) = (nil, 0, nil, nil)
        }
        list.version = recorded.version
        list.updatedAt = recorded.recordedAt
        return list
    }
}
