// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What users do with animes.
public enum EngagementEvent: Sendable, Equatable {
    /// A user clicked on an anime. Wire name `engagement.clicked`.
    case clicked(Subject)
    /// A user viewed an anime for so many seconds. Wire name `engagement.viewed`.
    case viewed(Subject, durationSeconds: Int)
    /// A user rated an anime, in the place of an earlier rating. Wire name `engagement.rated`.
    case rated(Subject, score: Int)

    /// Who did it, with which anime.
    public var subject: Subject {
        switch self {
        case .clicked(let subject), .viewed(let subject, _), .rated(let subject, _): subject
        }
    }
}
