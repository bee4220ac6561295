// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// The read model of engagement as a fold.
public enum EngagementProjection: Projection {
    /// `engagement`.
    public static let name = "engagement"
    /// `engagement`.
    public static let category = Engagement.streamCategory
    /// All that users do with animes.
    public static let eventPatterns = Engagement.eventPatterns

    /// The document after an event.
    public static func evolve(
        _ document: EngagementDocument?, _ event: EngagementEvent, _ recorded: RecordedEvent
    ) throws(MalformedEvent) -> EngagementDocument {
        try recorded.check(isIn: Engagement.stream(of: event.subject))
        var document = document ?? EngagementDocument(event.subject, recorded)
        document.apply(event, at: recorded.recordedAt)
        document.version = recorded.version
        document.updatedAt = recorded.recordedAt
        return document
    }
}
