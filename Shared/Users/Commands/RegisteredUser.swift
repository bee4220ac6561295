// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
public import Essentials

/// What a user is at one version.
public struct RegisteredUser: Sendable, Equatable {
    /// The user.
    public let id: UUIDv7
    /// What the user is called, normalised.
    public let name: String
    /// Where the user is reached, as written.
    public let email: String

    /// Describes a user.
    public init(id: UUIDv7, name: String, email: String) {
        self.id = id
        self.name = name
        self.email = email
    }
}
