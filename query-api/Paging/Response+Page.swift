// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Hummingbird
import ServiceKit

extension Response {
    /// An answer with a page of a list: `{"items":[…],"next":…}`.
    ///
    /// - Parameters:
    ///   - next: what to give as `after` for the next page; `nil`, which becomes `null`, on the last.
    ///   - write: writes one item.
    static func page<Item>(_ items: [Item], next: String?, _ write: (Item, inout JSONWriter) -> Void) -> Response {
        .json { json in
            json.beginObject()
            json.key("items")
            json.beginArray()
            for item in items { write(item, &json) }
            json.endArray()
            json.key("next")
            if let next { json.string(next) } else { json.null() }
            json.endObject()
        }
    }
}
