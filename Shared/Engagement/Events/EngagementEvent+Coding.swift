// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

extension EngagementEvent: JSONEvent {
    /// What can happen, by its wire name.
    public enum Kind: String, EventKind {
        /// A user clicked on an anime.
        case clicked = "engagement.clicked"
        /// A user viewed an anime.
        case viewed = "engagement.viewed"
        /// A user rated an anime.
        case rated = "engagement.rated"
    }

    /// What happened.
    public var kind: Kind {
        switch self {
        case .clicked: .clicked
        case .viewed: .viewed
        case .rated: .rated
        }
    }

    /// Writes anime and user, and what else there is to say: the duration of a view, the score of a rating.
    public func writeMembers(to json: inout JSONWriter) {
        json.member("animeId", subject.animeID)
        json.member("userId", subject.userID)
        switch self {
        case .clicked: break
        case .viewed(_, let seconds): json.member("durationSeconds", seconds)
        case .rated(_, let score): json.member("score", score)
        }
    }

    /// Reads an event of today's shape.
    public static func read(_ kind: Kind, _ data: EventData) throws(MalformedEvent) -> EngagementEvent {
        let subject = Subject(
            animeID: try data.integer("animeId", in: AnimeID.range), userID: try data.string("userId"))
        return switch kind {
        case .clicked: .clicked(subject)
        case .viewed:
            .viewed(subject, durationSeconds: try data.integer("durationSeconds", in: ViewDuration.range))
        case .rated: .rated(subject, score: try data.integer("score", in: Score.range))
        }
    }
}
