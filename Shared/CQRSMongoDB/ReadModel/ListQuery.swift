// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import CQRSServing
internal import MongoDB

/// One page of a list as a query that only the list's index can answer.
struct ListQuery {
    private static let stream = "_id"
    /// BadValue: what the server answers when a hint names no index.
    static let badHint: Int32 = 2

    let filter: BSONDocument
    let sort: BSONDocument
    let hint: BSONValue

    /// - Parameters: as of ``ReadModelListing/page(by:prefix:after:limit:)``.
    init(field: String, prefix: String, after position: ReadModelPosition?) {
        let end = Self.end(of: prefix)
        func range(_ operation: String, _ start: String) -> BSONValue {
            var range: BSONDocument = [operation: .string(start)]
            if let end { range = [operation: .string(start), "$lt": .string(end)] }
            return .document(range)
        }
        if let position {
            // Two ranges of the index, which the server merges in order.
            filter = [
                "$or": [
                    [field: .string(position.value), Self.stream: ["$gt": .string(position.stream.name)]],
                    [field: range("$gt", position.value)],
                ]
            ]
        } else {
            filter = [field: range("$gte", prefix)]
        }
        let index = Self.index(field)
        sort = index.keys
        hint = .string(index.effectiveName)
    }

    /// The index of a list. Documents without the field take no place in it; a sparse one would hold them all, as all
    /// have a stream.
    static func index(_ field: String) -> MongoIndex {
        MongoIndex([field: 1, stream: 1], partialFilter: [field: ["$exists": true]])
    }

    /// The first text behind all that begin with a prefix; `nil` when there is none.
    ///
    /// Servers compare bytes, and the order of UTF-8 is that of the scalars: so it is the prefix with its last scalar
    /// replaced by the next. The last scalar of all has no next one; then it is the one before that moves on.
    static func end(of prefix: String) -> String? {
        var scalars = Array(prefix.unicodeScalars)
        while let last = scalars.popLast() {
            // Behind U+D7FF come the surrogates, which are no scalars.
            let next = last.value == 0xD7FF ? 0xE000 : last.value + 1
            guard let scalar = Unicode.Scalar(next) else { continue }
            return String(String.UnicodeScalarView(scalars + [scalar]))
        }
        return nil
    }
}
