// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Hummingbird
import ServiceKit
import Users

/// What `GET /users` asks for: users in order of their names, without regard to case, and of equal names in order of
/// registration.
struct UserListQuery {
    /// What the names' keys begin with; empty for all users.
    let prefix: String
    let position: ReadModelPosition?
    let limit: Int

    /// Reads `name`, `after` and `limit`.
    ///
    /// - Throws: 400 `invalid-parameters`.
    init(_ request: Request) throws(ProblemDetails) {
        var parameters = QueryParameters(request)
        let name = parameters.string("name") ?? ""
        if name.unicodeScalars.count > UserName.maximumLength {
            parameters.refuse("name", "must have at most \(UserName.maximumLength) characters")
        }
        let prefix = UserName.key(ofPrefix: name)
        position = parameters.after { text in
            // The place of another list may lie outside this one.
            ReadModelPosition(cursor: text).flatMap { $0.value.utf8.starts(with: prefix.utf8) ? $0 : nil }
        }
        limit = parameters.limit()
        self.prefix = prefix
        try parameters.finish()
    }
}

extension ReadModelPosition {
    private static let list = "users"

    /// Reads a ``cursor``.
    fileprivate init?(cursor text: String) {
        guard let parts = PageCursor.decode(text, parts: 3), parts[0] == Self.list, let stream = StreamID(parts[1])
        else { return nil }
        self.init(value: parts[2], stream: stream)
    }

    /// The place in the list of users for a client to give back.
    var cursor: String { PageCursor.encode([Self.list, stream.name, value]) }
}
