// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a reader of a ``ChangeFeed`` gets next.
public enum ChangeStep<Line: Sendable>: Sendable {
    /// Changes, in order.
    case lines([Line])
    /// For some time there was nothing to tell; the reader may go on behind this position later.
    case nothing(until: FeedPosition)
    /// Changes may be missing here: begin anew. What follows comes behind this position.
    case lost(FeedPosition)
}
