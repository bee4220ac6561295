// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Where a generation's events come from.
///
/// A read model has one permanent queue, which is always there: it is part of the described topology, and whoever serves
/// alone is fed from it. A generation that is made or kept beside that one has a queue of its own, for as long as there
/// are two.
public struct GenerationFeed: Sendable, Hashable {
    /// Which generation is fed.
    public let generation: Generation
    /// Whether from a queue of its own, or else from the permanent one.
    public let hasOwnQueue: Bool

    /// Describes a feed. The first generation has no other queue than the permanent one.
    public init(_ generation: Generation, hasOwnQueue: Bool) {
        self.generation = generation
        self.hasOwnQueue = hasOwnQueue && generation != .first
    }

    /// The name of what is this feed's own, given the name of what the permanent queue has.
    public func name(of thing: String) -> String { hasOwnQueue ? generation.name(of: thing) : thing }
}
