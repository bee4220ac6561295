// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
public import Essentials

/// Registers a user. The edge makes identifier and time, so that deciding repeats exactly.
public struct CreateUser: Sendable, Equatable {
    /// The new user.
    public let id: UUIDv7
    /// What the user is called.
    public let name: UserName
    /// Where the user is reached.
    public let email: EmailAddress

    /// Describes a registration.
    public init(id: UUIDv7, name: UserName, email: EmailAddress) {
        self.id = id
        self.name = name
        self.email = email
    }
}
