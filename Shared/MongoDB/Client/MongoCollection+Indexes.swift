// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension MongoCollection {
    /// Creates indexes, and the collection if there is none. Succeeds when they exist with the same settings.
    ///
    /// - Throws: ``MongoError/Code/server`` with 85 or 86 when one exists with other settings. On a large collection
    ///   this takes longer than the default `socketTimeoutMS`; see ``MongoConfiguration``.
    public func createIndexes(_ indexes: [MongoIndex], timeout: Duration? = nil) async throws(MongoError) {
        guard !indexes.isEmpty else { return }
        var command = BSONWriter()
        command.append("createIndexes", name)
        command.appendArray("indexes") { array in
            for index in indexes { array.appendDocument { index.write(to: &$0) } }
        }
        _ = try await write(try command.finish(), timeout: timeout)
    }

    /// The indexes as the server describes them. Empty when there is no collection.
    public func listIndexes(timeout: Duration? = nil) async throws(MongoError) -> [BSONDocument] {
        try await client.core.run(timeout: timeout, isWrite: false) { [namespace] connection throws(MongoError) in
            try connection.readAll(.indexes(namespace))
        }
    }

    /// Drops indexes by name. The index on `_id` stays always.
    ///
    /// - Parameter names: `nil` drops all.
    /// - Throws: ``MongoError/Code/namespaceMissing`` when there is no such index or collection.
    public func dropIndexes(_ names: [String]? = nil, timeout: Duration? = nil) async throws(MongoError) {
        let index: BSONValue = names.map { .array(BSONArray($0)) } ?? "*"
        _ = try await write(["dropIndexes": .string(name), "index": index], timeout: timeout)
    }
}
