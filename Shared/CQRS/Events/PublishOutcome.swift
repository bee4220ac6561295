// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What became of publishing one event.
public enum PublishOutcome: Sendable {
    /// The broker has taken responsibility for it.
    case published
    /// The broker answers, and does not take this one: no queue is there for it, or something about it is not allowed. What
    /// others publish may go through.
    case refused(any Error)
    /// Whether it was published is not known, because the broker does not answer, or takes nothing at all.
    case unavailable(any Error)

    /// Whether it is published.
    public var isPublished: Bool { if case .published = self { true } else { false } }

    /// Why it is not.
    public var error: (any Error)? {
        switch self {
        case .published: nil
        case .refused(let error), .unavailable(let error): error
        }
    }
}
