// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A database of a client. A value: making one costs nothing.
public struct MongoDatabase: Sendable {
    /// The client that it belongs to.
    public let client: MongoClient
    /// Its name.
    public let name: String

    /// Names a collection. It need not exist.
    public func collection(_ name: String) -> MongoCollection {
        MongoCollection(client: client, namespace: Namespace(database: self.name, collection: name))
    }

    /// Names a collection. It need not exist.
    public subscript(name: String) -> MongoCollection { collection(name) }

    /// Runs a command as it is, on the primary, without the connection's read and write concern.
    ///
    /// - Returns: the server's reply.
    public func runCommand(_ command: BSONDocument, timeout: Duration? = nil) async throws(MongoError) -> BSONDocument {
        try await client.core.run(timeout: timeout, isWrite: true) { [name] connection throws(MongoError) in
            try connection.runCommand(command, database: name)
        }
    }

    /// Deletes the database with all its collections. Succeeds when there is none.
    public func drop(timeout: Duration? = nil) async throws(MongoError) {
        let command: BSONDocument = ["dropDatabase": 1, "writeConcern": ["w": "majority"]]
        _ = try await runCommand(command, timeout: timeout)
    }

    /// The names of the collections and views, in no order.
    public func listCollectionNames(timeout: Duration? = nil) async throws(MongoError) -> [String] {
        try await client.core.run(timeout: timeout, isWrite: false) { [name] connection throws(MongoError) in
            try connection.readAll(.collections(database: name)).compactMap { $0["name"]?.stringValue }
        }
    }
}
