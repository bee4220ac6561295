// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import Essentials
import Hummingbird
import ServiceKit

/// What a list is asked for: entities in order of a text, and of equal texts in order of their beginning.
struct ListQuery {
    /// What the texts begin with; empty for all entities.
    let prefix: String
    let position: ReadModelPosition?
    let limit: Int
    private let list: String

    /// Reads the parameter with what texts begin with, `after` and `limit`.
    ///
    /// - Parameters:
    ///   - list: the list's name in cursors; it never changes.
    ///   - parameter: the parameter's name; `nil` where there is none.
    ///   - maximumLength: the most characters of its value.
    ///   - key: what texts that begin with it are ordered by begins with that.
    /// - Throws: 400 `invalid-parameters`.
    init(
        _ request: Request, list: String, startingWith parameter: String?, maximumLength: Int = .max,
        key: (String) -> String = { $0 }
    ) throws(ProblemDetails) {
        var parameters = QueryParameters(request)
        let text = parameter.flatMap { parameters.string($0) } ?? ""
        if let parameter, text.unicodeScalars.count > maximumLength {
            parameters.refuse(parameter, "must have at most \(maximumLength) characters")
        }
        let prefix = key(text)
        position = parameters.after { ReadModelPosition(cursor: $0, list, within: prefix) }
        limit = parameters.limit()
        self.prefix = prefix
        self.list = list
        try parameters.finish()
    }

    /// The answer with a page of the list.
    ///
    /// - Parameter write: writes one entity; `nil` where a document is not shown.
    func response<Document>(
        _ page: ReadModelPage<Document>, _ item: (Document) -> ((inout JSONWriter) -> Void)?
    ) -> Response {
        .page(page.entries.compactMap { item($0.document) }, next: page.next?.cursor(list)) { $0(&$1) }
    }
}

extension ReadModelPosition {
    /// Reads a ``cursor(_:)``.
    ///
    /// - Parameter prefix: what values on the list begin with; the place of another list may lie outside of this one.
    init?(cursor text: String, _ list: String, within prefix: String) {
        guard let parts = PageCursor.decode(text, parts: 3), parts[0] == list, let stream = StreamID(parts[1]),
            parts[2].utf8.starts(with: prefix.utf8)
        else { return nil }
        self.init(value: parts[2], stream: stream)
    }

    /// The place in a list for a client to give back.
    func cursor(_ list: String) -> String { PageCursor.encode([list, stream.name, value]) }
}
