// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials

/// The open reservations of items as a fold.
public enum ReservationsProjection: Projection {
    /// `inventory_reservations`.
    public static let name = "inventory_reservations"
    /// `item`.
    public static let category = Items.streamCategory
    /// All that can happen to items.
    public static let eventPatterns = Items.eventPatterns

    /// The document after an event.
    public static func evolve(
        _ document: ReservationsDocument?, _ event: ItemEvent, _ recorded: RecordedEvent
    ) throws(MalformedEvent) -> ReservationsDocument {
        try recorded.check(isIn: Items.stream(of: event.id))
        if case .created(let item) = event {
            try document.checkAbsent()
            return ReservationsDocument(id: item.id, version: recorded.version, updatedAt: recorded.recordedAt)
        }
        var item = try document.existing()
        switch event {
        case .created, .updated, .adjusted: break
        case .deleted: item.isDeleted = true
        case .reserved(let stock): try item.add(ReservationDocument(stock, recorded))
        case .released(let stock): try item.take(stock.quantity, from: stock.reservationID)
        case .confirmed(let stock): try item.take(stock.quantity, from: stock.reservationID)
        }
        item.version = recorded.version
        item.updatedAt = recorded.recordedAt
        return item
    }
}

extension ReservationsDocument {
    fileprivate mutating func add(_ reservation: ReservationDocument) throws(MalformedEvent) {
        guard self[reservation.id] == nil else { throw MalformedEvent(.invalidData, "the reservation is open already") }
        self[reservation.id] = reservation
    }

    /// Takes so many out of a reservation, which is open until none is left.
    fileprivate mutating func take(_ quantity: Int, from id: UUIDv7) throws(MalformedEvent) {
        let id = id.description
        guard var reservation = self[id], quantity <= reservation.quantity else {
            throw MalformedEvent(.invalidData, "so many are not reserved")
        }
        reservation.quantity -= quantity
        self[id] = reservation.quantity > 0 ? reservation : nil
    }
}
