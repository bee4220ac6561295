// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A database and a collection.
struct Namespace: Sendable, Hashable {
    let database: String
    let collection: String

    /// Refuses what the C library would cut off or the server would misread.
    func validate() throws(MongoError) {
        let isDatabase =
            !database.isEmpty && !database.utf8.contains { [0, 0x20, 0x22, 0x24, 0x2E, 0x2F, 0x5C].contains($0) }
        guard isDatabase, database.utf8.count < 64 else { throw MongoError(.invalidArgument, "a bad database name") }
        guard !collection.isEmpty, !collection.utf8.contains(0), database.utf8.count + collection.utf8.count < 255
        else {
            throw MongoError(.invalidArgument, "a bad collection name")
        }
    }
}
