// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import Essentials
import Inventory
import ServiceKit

/// How an item's open reservations are sent.
enum ReservationsAnswer {
    /// How the near cache keeps them:
    /// `{"id","version","items":[{"reservationId","store","quantity","reference"?,"reservedAt","expiresAt"?}]}`.
    static let content = NearCacheContent<ReservationsDocument, PreparedAnswer>(
        lookup: nil,
        stream: { UUIDv7($0.id).map(Items.stream(of:)) },
        answer: { document in
            guard let write = item(document) else { return nil }
            let prepared = PreparedAnswer(version: document.version, write)
            return (prepared, prepared.sizeBytes)
        })

    /// Writes the reservations of an item; `nil` for what a deleted one left.
    static func item(_ document: ReservationsDocument) -> ((inout JSONWriter) -> Void)? {
        guard let reservations = ReservationView.all(in: document) else { return nil }
        return { json in
            json.beginObject()
            json.member("id", document.id)
            json.member("version", document.version)
            json.key("items")
            json.beginArray()
            for reservation in reservations { reservation.write(to: &json) }
            json.endArray()
            json.endObject()
        }
    }
}

extension ReservationView {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("reservationId", id)
        json.member("store", store)
        json.member("quantity", quantity)
        json.member("reference", ifPresent: reference)
        json.member("reservedAt", reservedAt.description)
        json.member("expiresAt", ifPresent: expiresAt?.description)
        json.endObject()
    }
}
