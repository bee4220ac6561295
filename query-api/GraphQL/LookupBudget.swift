// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import GraphQL
import Synchronization

/// How many documents a request may yet look at. Lists in lists multiply, and what a document of a few lines may ask for would
/// keep the database busy for minutes.
final class LookupBudget: Sendable {
    static let limit = 10_000

    private let left = Mutex(limit)

    /// Takes some.
    ///
    /// - Throws: that there are not so many, for this field and for all that would follow.
    func spend(_ count: Int) throws(FieldFailure) {
        let isEnough = left.withLock { left in
            left = left < count ? -1 : left - count
            return left >= 0
        }
        guard isEnough else { throw FieldFailure("The request asks for more than \(Self.limit) documents.") }
    }
}
