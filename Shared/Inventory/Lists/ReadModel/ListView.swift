// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A list as queries see one, without its lines. There is none of a deleted list.
public struct ListView: Sendable, Equatable {
    /// The list.
    public let id: String
    /// Whose list it is.
    public let customer: String
    /// The sum of its lines' quantities.
    public let totalItems: Int
    /// The day on which its goods expire, as ``ExpiryDate/text``.
    public let expiresOn: String
    /// The version of the last event reflected.
    public let version: Int64

    /// What a summary shows.
    ///
    /// - Returns: `nil` for what a deleted list left.
    public init?(_ document: ListDocument) {
        guard let customer = document.customer, let expiresOn = document.expiresOn else { return nil }
        id = document.id
        self.customer = customer
        totalItems = document.totalItems
        self.expiresOn = expiresOn
        version = document.version
    }
}
