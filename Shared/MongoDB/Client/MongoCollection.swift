// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A collection of a database. A value: making one costs nothing.
///
/// Every operation takes a `timeout` for everything, the wait for a worker included; `nil` means the client's
/// ``MongoConfiguration/operationTimeout``. Every operation throws ``MongoError``.
public struct MongoCollection: Sendable {
    /// The client that it belongs to.
    public let client: MongoClient
    let namespace: Namespace

    /// Its name.
    public var name: String { namespace.collection }

    /// The name of its database.
    public var databaseName: String { namespace.database }

    /// Deletes the collection and its indexes. Succeeds when there is none.
    public func drop(timeout: Duration? = nil) async throws(MongoError) {
        do throws(MongoError) {
            _ = try await write(["drop": .string(name)], timeout: timeout)
        } catch {
            guard error.code == .namespaceMissing else { throw error }
        }
    }

    func write(_ command: BSONDocument, timeout: Duration?) async throws(MongoError) -> BSONDocument {
        try await client.core.run(timeout: timeout, isWrite: true) { [namespace] connection throws(MongoError) in
            try connection.write(command, on: namespace)
        }
    }
}
