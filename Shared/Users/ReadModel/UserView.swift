// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
public import Essentials

/// A user as queries see one. There is none of a deleted user.
public struct UserView: Sendable, Equatable {
    /// The user.
    public let id: String
    /// What the user is called.
    public let name: String
    /// Where the user is reached, as written.
    public let email: String
    /// The version of the last event reflected.
    public let version: Int64
    /// When the user registered.
    public let createdAt: Timestamp
    /// When the last event was recorded.
    public let updatedAt: Timestamp

    /// What a document shows.
    ///
    /// - Returns: `nil` for what a deleted user left.
    public init?(_ document: UserDocument) {
        guard let name = document.name, let email = document.email else { return nil }
        id = document.id
        self.name = name
        self.email = email
        version = document.version
        createdAt = document.createdAt
        updatedAt = document.updatedAt
    }
}
