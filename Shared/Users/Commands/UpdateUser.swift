// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Changes a user: what is `nil` stays as it is.
public struct UpdateUser: Sendable, Equatable {
    /// The new name.
    public let name: UserName?
    /// The new address. Another spelling of the same one is a change, too.
    public let email: EmailAddress?

    /// Describes a change.
    public init(name: UserName? = nil, email: EmailAddress? = nil) {
        self.name = name
        self.email = email
    }
}
