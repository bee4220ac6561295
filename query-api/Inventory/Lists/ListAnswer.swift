// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import Essentials
import Inventory

/// How a stock list is sent.
enum ListAnswer {
    /// How the near cache keeps lists: without their lines.
    static let content = NearCacheContent<ListLinesDocument, ListView>(
        lookup: nil,
        stream: { UUIDv7($0.summary.id).map(Lists.stream(of:)) },
        answer: { document in
            ListView(document.summary).map {
                ($0, MemoryLayout<ListView>.size + $0.id.utf8.count + $0.customer.utf8.count)
            }
        })

    /// Writes a list without its lines: `{"id","customer","totalItems","expiresOn","version"}`; `nil` for what a deleted one
    /// left.
    static func item(_ document: ListDocument) -> ((inout JSONWriter) -> Void)? {
        ListView(document).map { list in
            { json in
                json.beginObject()
                list.writeMembers(to: &json)
                json.endObject()
            }
        }
    }
}

extension ListView {
    /// Writes what a list is sent with everywhere.
    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("customer", customer)
        json.member("totalItems", totalItems)
        json.member("expiresOn", expiresOn)
        json.member("version", version)
    }
}

extension LineView {
    /// Writes `{"lineId","product","quantity"}`.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("lineId", lineId)
        json.member("product", product)
        json.member("quantity", quantity)
        json.endObject()
    }
}
