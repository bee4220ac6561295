// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import GraphQL

/// The arguments that every connection has.
struct PageArguments {
    /// How many edges at most.
    let first: Int
    /// The last cursor of the page before; `nil` for the first page.
    let after: String?

    /// Reads `first` and `after`, and takes the documents that the page looks at: finding its begin costs some, too.
    ///
    /// - Throws: what is wrong with them, or that there are not so many documents left.
    init(_ arguments: Arguments, _ budget: LookupBudget) throws(FieldFailure) {
        // null is what nobody has said, as far as this goes.
        first = arguments.int("first") ?? 50
        guard (1...500).contains(first) else { throw FieldFailure("first must be from 1 to 500.") }
        after = arguments.string("after")
        try budget.spend(first + 20)
    }

    /// The place that the cursor names; `nil` for the first page.
    func place<Place>(_ read: (String) -> Place?) throws(FieldFailure) -> Place? {
        guard let after else { return nil }
        guard let place = read(after) else { throw FieldFailure("after must be a cursor of this list.") }
        return place
    }
}
