// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials
internal import HashTreeCollections

/// The read model's document of one item's open reservations, at most ``ItemDecider/reservationLimit`` of them. A deleted
/// item leaves one without any.
public struct ReservationsDocument: TombstoneDocument {
    /// The item.
    public let id: String
    /// The version of the last event reflected.
    public internal(set) var version: Int64
    /// When the last event was recorded.
    public internal(set) var updatedAt: Timestamp
    /// Whether the item has been deleted.
    public internal(set) var isDeleted = false
    /// By identifier, in a tree that shares what it has in common with its copies: folding an event costs the logarithm of
    /// their number, and only storing them costs as much as there are.
    private var reservations: TreeDictionary<String, ReservationDocument> = [:]

    /// The document of an item that nothing is reserved of yet.
    init(id: UUIDv7, version: Int64, updatedAt: Timestamp) {
        self.id = id.description
        self.version = version
        self.updatedAt = updatedAt
    }

    /// An open reservation.
    subscript(id: String) -> ReservationDocument? {
        get { reservations[id] }
        set { reservations[id] = newValue }
    }

    /// The open reservations, the oldest first.
    public var oldestFirst: [ReservationDocument] { reservations.values.sorted { $0.version < $1.version } }
}

extension ReservationsDocument {
    private enum CodingKeys: CodingKey {
        case id, version, updatedAt, isDeleted, reservations
    }

    /// Reads a document.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        version = try container.decode(Int64.self, forKey: .version)
        updatedAt = try container.decode(Timestamp.self, forKey: .updatedAt)
        isDeleted = try container.decode(Bool.self, forKey: .isDeleted)
        for reservation in try container.decode([ReservationDocument].self, forKey: .reservations) {
            reservations[reservation.id] = reservation
        }
    }

    /// Writes the document, with its reservations as a list, the oldest first.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(version, forKey: .version)
        try container.encode(updatedAt, forKey: .updatedAt)
        try container.encode(isDeleted, forKey: .isDeleted)
        try container.encode(oldestFirst, forKey: .reservations)
    }
}
