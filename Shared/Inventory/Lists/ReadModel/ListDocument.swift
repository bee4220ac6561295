// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

/// The read model's summary of one list. A deleted list leaves one without content.
public struct ListDocument: TombstoneDocument {
    /// The list.
    public let id: String
    /// The version of the last event reflected.
    public internal(set) var version: Int64
    /// When the list was begun.
    public let createdAt: Timestamp
    /// When the last event was recorded.
    public internal(set) var updatedAt: Timestamp
    /// Whose list it is; `nil` once deleted.
    public internal(set) var customer: String?
    /// The sum of its lines' quantities.
    public internal(set) var totalItems = 0
    /// The day on which its goods expire; `nil` once deleted.
    public internal(set) var expiresOn: String?
    /// What it is listed by; `nil` once deleted.
    public internal(set) var expiryKey: String?

    /// The summary of a list without lines.
    init(_ list: ListCreated, version: Int64, createdAt: Timestamp) {
        id = list.id.description
        self.version = version
        self.createdAt = createdAt
        updatedAt = createdAt
        customer = list.customer
        expiresOn = list.expiresOn
        expiryKey = ExpiryDate.latestFirstKey(of: list.expiresOn)
    }

    /// Whether the list has been deleted.
    public var isDeleted: Bool { customer == nil }

    /// How lists are listed: those that expire latest first, and of one day in order of creation.
    public static let byExpiry = ReadModelField<ListDocument>("expiryKey") { $0.expiryKey }
}
