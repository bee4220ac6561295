// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An event store as queries see it: they find entities by what these claim, and never write.
public protocol EventQueries: EventHistory {
    /// The last event of the commit that holds a claim, or `nil` when it is free.
    ///
    /// Its stream may have given the claim up by a later event: until that is released, the claim finds the stream.
    ///
    /// - Throws: an error with a ``FailureCategory``.
    func holder(of claim: Claim) async throws -> RecordedEvent?

    /// Whether a stream has given a claim up, released or not, by a commit behind the one that holds it. Costs one look at
    /// an index, however long the stream.
    ///
    /// - Parameter holder: what ``holder(of:)`` has found.
    /// - Throws: an error with a ``FailureCategory``.
    func hasGivenUp(_ claim: Claim, since holder: RecordedEvent) async throws -> Bool
}
