// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The queue that a generation's events come from.
///
/// A read model has one permanent queue, which is always there: it is part of the described topology, and whoever serves
/// alone is fed from it. A generation that is made or kept beside that one has a queue of its own, for as long as there
/// are two.
public struct GenerationQueue: Sendable, Hashable {
    /// Which generation is fed.
    public let generation: Generation
    /// Whether it is one of the generation's own, or else the permanent one.
    public let hasOwnQueue: Bool
    /// The queues that its events are spread over.
    public let partitions: Partitions

    /// Names a queue. The first generation has no other queue than the permanent one.
    public init(_ generation: Generation, hasOwnQueue: Bool, partitions: Partitions = .none) {
        self.generation = generation
        self.hasOwnQueue = hasOwnQueue && generation != .first
        self.partitions = partitions
    }

    /// The name of what is this queue's own, given the name of what the permanent queue has.
    public func name(of thing: String) -> String { hasOwnQueue ? generation.name(of: thing) : thing }
}
