// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// The read model's document of one user.
public struct UserDocument: ReadModelDocument {
    /// The user.
    public var id: String
    /// What the user is called.
    public var name: String
    /// Where the user is reached, as written.
    public var email: String
    /// Where the user is found: ``EmailAddress/key``.
    public var emailKey: String
    /// The version of the last event reflected.
    public var version: Int64
    /// When the user registered.
    public var createdAt: Timestamp
    /// When the last event was recorded.
    public var updatedAt: Timestamp

    /// Describes a user.
    public init(
        id: String, name: String, email: String, emailKey: String, version: Int64, createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.email = email
        self.emailKey = emailKey
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// How a user is looked up by ``EmailAddress/key``.
    public static let byEmail = ReadModelField<UserDocument>("emailKey") { $0.emailKey }
}
