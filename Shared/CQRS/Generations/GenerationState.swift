// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How a queue that is no longer needed is emptied: it is fed from until nothing is left, and checked once nobody takes
/// from it any more.
public enum Draining: String, Sendable, Equatable, Codable {
    /// It is fed from.
    case feeding
    /// It is not.
    case stopped
}

/// Which generations of a read model there are, and what each is for.
public struct GenerationState: Sendable, Equatable, Codable {
    /// The one that answers queries.
    public var serving = Generation.first
    /// A complete one beside it that is fed, too, and can take over.
    public var standby: Generation?
    /// A new one that is not complete yet; there is no standby then.
    public var build: GenerationBuild?
    /// The switch from ``serving`` to ``standby``, while it is under way.
    public var handover: Handover?
    /// One that is no longer needed: its queues and documents are being removed.
    public var retiring: Generation?
    /// The one that is fed from the permanent queue.
    public var permanentQueue = Generation.first
    /// How far ``serving``, which now has the permanent queue, is with emptying its own.
    public var draining: Draining?
    /// The last one ever begun.
    public var last = Generation.first
    /// What the events of each generation are spread over; `nil` as written by versions that knew no partitions.
    public var partitions: Partitions?

    /// The first generation serves, and there is no other.
    public init() {}

    /// Which ones to read for an answer: of two, for each stream the newer document counts.
    public var read: [Generation] {
        switch handover {
        case .joined, .catchingUp: [serving] + [standby].compactMap { $0 }
        case nil, .aligning, .settling: [serving]
        }
    }

    /// All that exist but the one being removed.
    public var living: [Generation] { [serving, standby, build?.generation].compactMap { $0 } }

    /// The one that is not to be fed for the moment.
    public var paused: Generation? {
        switch handover {
        case nil: nil
        case .aligning, .joined, .settling: standby
        case .catchingUp: serving
        }
    }

    /// The queues to feed from.
    public var queues: Set<GenerationQueue> {
        let unbound = build.flatMap { $0.isBound ? nil : $0.generation }
        var queues = Set(living.filter { $0 != paused && $0 != unbound }.map(queue))
        if draining == .feeding { queues.insert(ownQueue(of: serving)) }
        return queues
    }

    /// Where a generation's events come from, whether it is fed just now or not.
    public func queue(of generation: Generation) -> GenerationQueue {
        GenerationQueue(generation, hasOwnQueue: generation != permanentQueue, partitions: partitions ?? .none)
    }

    /// The queue that a generation has, or had, beside the permanent one.
    public func ownQueue(of generation: Generation) -> GenerationQueue {
        GenerationQueue(generation, hasOwnQueue: true, partitions: partitions ?? .none)
    }
}
