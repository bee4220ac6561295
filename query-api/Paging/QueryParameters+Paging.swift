// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import ServiceKit

/// The parameters that every list has.
extension QueryParameters {
    /// `limit`: how many items a page has at most, 1 to 500. Default 50.
    mutating func limit() -> Int { integer("limit", in: 1...500) ?? 50 }

    /// `after`: the cursor that the page before gave as its `next`; `nil` for the first page, or after noting an error.
    ///
    /// - Parameter read: makes a place of a cursor; `nil` when it is none of this list.
    mutating func after<Place>(_ read: (String) -> Place?) -> Place? {
        guard let text = string("after") else { return nil }
        guard let place = read(text) else {
            refuse("after", "must be the next of a page of this list")
            return nil
        }
        return place
    }
}
