// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// Why the command handler refused a command that the decider had nothing against.
public enum CommandRefusal: CategorizedError, Equatable {
    /// Nothing holds the claim that names the entity, or its stream has no events.
    case noSuchEntity
    /// The entity is at another version than the sender expected.
    case versionMismatch(current: Int64)
    /// Others changed the entity again and again while this command tried to.
    case raceLost
    /// The idempotency key came with another payload before.
    case idempotencyKeyReused

    /// ``FailureCategory/rejected``; a lost race is ``FailureCategory/transient``.
    public var category: FailureCategory {
        switch self {
        case .noSuchEntity, .versionMismatch, .idempotencyKeyReused: .rejected
        case .raceLost: .transient
        }
    }
}
