// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// What can happen to a user.
public enum UserEvent: Sendable, Equatable {
    /// Somebody registered.
    case created(UserCreated)
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
