// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Hummingbird
import Inventory
import ServiceKit

/// What a page of a list's lines is asked for.
struct LinesQuery {
    /// The version of the last line of the page before; 0 for the first page.
    let position: Int64
    let limit: Int
    /// Which version of the list is wanted at least.
    let condition: VersionCondition?

    /// Reads `after`, `limit`, `minVersion` and `id`.
    ///
    /// - Parameter stream: the list; the cursor of another one is refused.
    /// - Throws: 400 `invalid-parameters`.
    init(_ request: Request, of stream: StreamID) throws(ProblemDetails) {
        var parameters = QueryParameters(request)
        let place = parameters.after { text in
            EventPosition(cursor: text, LinesPage.list).flatMap { $0.stream == stream ? $0 : nil }
        }
        position = place?.version ?? 0
        limit = parameters.limit()
        condition = VersionCondition.read(&parameters, category: Lists.streamCategory)
        try parameters.finish()
    }
}
