// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// What follows from what users do with animes: always one event, whatever has been before. So commands are for
/// `CommandTarget.any`.
public enum EngagementDecider: Decider {
    /// Nothing that a decision would have to know.
    public struct State: Sendable, Equatable {}

    /// What may be asked for.
    public enum Command: Sendable, Equatable {
        /// A user has clicked on an anime.
        case click(Subject)
        /// A user has viewed an anime.
        case view(Subject, ViewDuration)
        /// A user rates an anime.
        case rate(Subject, Score)

        /// Who does it, with which anime.
        public var subject: Subject {
            switch self {
            case .click(let subject), .view(let subject, _), .rate(let subject, _): subject
            }
        }
    }

    /// No command is refused.
    public typealias Rejection = Never

    /// Nothing.
    public static let initialState = State()

    /// The event of a command.
    public static func decide(_ command: Command, _ state: State) -> [EngagementEvent] {
        switch command {
        case .click(let subject): [.clicked(subject)]
        case .view(let subject, let duration): [.viewed(subject, durationSeconds: duration.seconds)]
        case .rate(let subject, let score): [.rated(subject, score: score.value)]
        }
    }

    /// The same state.
    public static func evolve(_ state: State, _ event: EngagementEvent) -> State { state }

    /// None.
    public static func claims(of state: State) -> Set<Claim> { [] }

    /// Never asked for: nothing is claimed.
    public static func rejection(taken claim: Claim) -> Never { preconditionFailure("engagement claims nothing") }
}
