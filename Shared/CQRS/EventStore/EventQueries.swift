// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An event store as queries see it: they find entities by what these claim, and never write.
public protocol EventQueries: EventHistory {
    /// The event that holds a claim, or `nil` when it is free.
    ///
    /// Its stream may have given the claim up by a later event: until that is released, the claim finds the stream.
    ///
    /// - Throws: an error with a ``FailureCategory``.
    func holder(of claim: Claim) async throws -> RecordedEvent?
}
