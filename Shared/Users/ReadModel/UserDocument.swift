// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

/// The read model's document of one user. A deleted user leaves one without personal data, so that a late event cannot
/// bring the user back.
public struct UserDocument: TombstoneDocument {
    /// The user.
    public var id: String
    /// The version of the last event reflected.
    public var version: Int64
    /// When the user registered.
    public var createdAt: Timestamp
    /// When the last event was recorded.
    public var updatedAt: Timestamp
    /// What the user is called; `nil` once deleted.
    public var name: String?
    /// What the user is sorted and searched by: ``UserName/key(of:)``; `nil` once deleted, and in documents from before
    /// there were lists, until these are written anew.
    public var nameKey: String?
    /// Where the user is reached, as written; `nil` once deleted.
    public var email: String?
    /// Where the user is found: ``EmailAddress/key``; `nil` once deleted.
    public var emailKey: String?

    /// Describes a user, or a deleted one without name and address.
    public init(
        id: String, version: Int64, createdAt: Timestamp, updatedAt: Timestamp, name: String? = nil,
        email: String? = nil
    ) {
        self.id = id
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.name = name
        self.email = email
        nameKey = name.map(UserName.key(of:))
        emailKey = email.map(EmailAddress.key(of:))
    }

    /// Whether the user has been deleted.
    public var isDeleted: Bool { email == nil }

    /// How a user is looked up by ``EmailAddress/key``.
    public static let byEmail = ReadModelField<UserDocument>("emailKey") { $0.emailKey }

    /// How users are listed: by ``UserName/key(of:)``.
    public static let byName = ReadModelField<UserDocument>("nameKey") { $0.nameKey }
}
