// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
public import Essentials

/// What can happen to a user.
public enum UserEvent: Sendable, Equatable {
    /// Somebody registered.
    case created(UserCreated)
    /// Name, address or both were changed.
    case updated(UserUpdated)
    /// The user was removed.
    case deleted(UserDeleted)
}

/// Somebody registered. Wire name `user.created`.
public struct UserCreated: Sendable, Equatable {
    /// The new user.
    public let id: UUIDv7
    /// What the user is called, normalised.
    public let name: String
    /// Where the user is reached, as written.
    public let email: String

    /// Describes a registration.
    public init(id: UUIDv7, name: String, email: String) {
        self.id = id
        self.name = name
        self.email = email
    }
}

/// Name, address or both were changed. Wire name `user.updated`. Says all that holds afterwards, so that a subscriber
/// needs nothing else.
public struct UserUpdated: Sendable, Equatable {
    /// The user.
    public let id: UUIDv7
    /// What the user is called now, normalised.
    public let name: String
    /// Where the user is reached now, as written.
    public let email: String

    /// Describes a change.
    public init(id: UUIDv7, name: String, email: String) {
        self.id = id
        self.name = name
        self.email = email
    }
}

/// The user was removed. Wire name `user.deleted`.
public struct UserDeleted: Sendable, Equatable {
    /// The user.
    public let id: UUIDv7

    /// Describes a removal.
    public init(id: UUIDv7) { self.id = id }
}
