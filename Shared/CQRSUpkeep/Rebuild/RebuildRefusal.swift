// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

/// Why something cannot be done with the generations of a read model.
public enum RebuildRefusal: CategorizedError, Equatable {
    /// Somebody else changes them just now.
    case busy
    /// Somebody else has taken this over, most likely because this process was stopped for too long.
    case leaseLost
    /// There is a second complete generation already.
    case hasStandby(Generation)
    /// There is no other generation to switch to, or to remove.
    case noStandby
    /// A new generation is being made.
    case hasBuild(Generation)
    /// No new generation is being made.
    case noBuild
    /// Not the generation that was named, but this one, is the one that it would be done to.
    case isAnother(Generation, expected: Generation)
    /// A switch is under way.
    case isSwitching
    /// The new generation differs from the event store in so many documents, and that could not be mended.
    case differences(Int)
    /// Events that cannot be applied keep these streams behind in the generation to switch to.
    case wouldFallBehind([StreamID])
    /// The consumers of a generation have not stopped in time.
    case stillConsumed(Generation)
    /// So many messages are left in a queue that is to be removed, and nobody takes them.
    case notDrained(Int)

    /// Trying again at once is of no use.
    public var category: FailureCategory { .rejected }
}

extension RebuildRefusal: CustomStringConvertible {
    /// One sentence for an operator.
    public var description: String {
        switch self {
        case .busy: "somebody else is at work on the generations of this read model"
        case .leaseLost: "somebody else has taken over: this process was silent for too long"
        case .hasStandby(let generation):
            "generation \(generation) is kept beside the serving one: rebuild --finish removes it, rebuild --rollback switches to it"
        case .noStandby: "there is no other complete generation"
        case .hasBuild(let generation):
            "generation \(generation) is being made: rebuild goes on with it, rebuild --cancel removes it"
        case .noBuild: "no generation is being made"
        case .isAnother(let generation, let expected):
            "generation \(expected) was meant, and it is generation \(generation) now"
        case .isSwitching: "a switch is under way: rebuild finishes it"
        case .differences(let count): "the new generation differs from the event store in \(count) documents"
        case .wouldFallBehind(let streams):
            "\(streams.count) streams would fall back, because of events that cannot be applied: "
                + streams.prefix(5).map(\.name).joined(separator: ", ") + (streams.count > 5 ? ", …" : "")
        case .stillConsumed(let generation):
            "generation \(generation) is still consumed by a process that does not stop"
        case .notDrained(let count):
            "\(count) messages are left in a queue that is to be removed, and nobody takes them: is a consumer running?"
        }
    }
}
