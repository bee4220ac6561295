// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Hummingbird
import ServiceKit

/// What a history is asked for: an entity's events in order of their versions.
struct HistoryQuery {
    /// The list's name in cursors.
    static let list = "history"

    /// The last event of the page before.
    let position: EventPosition?
    let limit: Int

    /// Reads `after` and `limit`.
    ///
    /// - Throws: 400 `invalid-parameters`.
    init(_ request: Request) throws(ProblemDetails) {
        var parameters = QueryParameters(request)
        position = parameters.after { EventPosition(cursor: $0, Self.list) }
        limit = parameters.limit()
        try parameters.finish()
    }
}

extension EventPosition {
    /// Reads a ``cursor(_:)``.
    init?(cursor text: String, _ list: String) {
        guard let parts = PageCursor.decode(text, parts: 3), parts[0] == list, let stream = StreamID(parts[1]),
            let version = Int64(parts[2]), RecordedEvent.versions.contains(version)
        else { return nil }
        self.init(stream: stream, version: version)
    }

    /// The place among what a stream has for a client to give back. It names the stream: the key may have passed to another
    /// one when the next page is asked for.
    func cursor(_ list: String) -> String { PageCursor.encode([list, stream.name, "\(version)"]) }
}
