// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// Lists with their lines as a fold: the document of a list is its summary, and each line an entry beside it.
///
/// So an event costs the same whether it adds the first line or the last one (docs/decisions/0031).
public enum ListLinesProjection: Projection {
    /// `inventory_list_lines`.
    public static let name = "inventory_list_lines"
    /// `list`.
    public static let category = Lists.streamCategory
    /// All that can happen to lists.
    public static let eventPatterns = Lists.eventPatterns

    /// The summary after an event.
    public static func evolve(
        _ document: ListLinesDocument?, _ event: ListEvent, _ recorded: RecordedEvent
    ) throws(MalformedEvent) -> ListLinesDocument {
        ListLinesDocument(try ListProjection.evolve(document?.summary, event, recorded))
    }

    /// The entry that an event adds beside the document; `nil` for most kinds of events.
    ///
    /// It follows from the event alone, so whoever writes it again writes the same.
    public static func entry(_ event: ListEvent, _ recorded: RecordedEvent) -> LineDocument? {
        if case .lineAdded(let line) = event { LineDocument(line, version: recorded.version) } else { nil }
    }
}
