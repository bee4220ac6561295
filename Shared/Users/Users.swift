// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

/// The names under which this context is known outside. They are stored and sent: they never change.
public enum Users {
    /// The context, and the name of its read model's collection.
    public static let name = "users"

    /// The category of its streams: `user-<uuid>`.
    public static let streamCategory = "user"

    /// The claim of an address.
    ///
    /// - Parameter key: the address as ``EmailAddress/key``.
    public static func emailClaim(_ key: String) -> Claim { Claim("email", key) }

    /// The stream of one user.
    public static func stream(of id: UUIDv7) -> StreamID { StreamID(category: streamCategory, id: id) }
}
