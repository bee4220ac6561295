// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import MongoDB
internal import Tracing

extension Span {
    /// Says what is asked of the database (semantic conventions for MongoDB).
    ///
    /// - Parameter count: of how many operations it consists.
    func describe(_ operation: String, on collection: MongoCollection, count: Int) {
        updateAttributes { attributes in
            attributes["db.system.name"] = "mongodb"
            attributes["db.namespace"] = collection.databaseName
            attributes["db.collection.name"] = collection.name
            attributes["db.operation.name"] = operation
            // One operation is no batch, by the conventions.
            if count > 1 { attributes["db.operation.batch.size"] = count }
        }
    }

    /// Says that the database has failed.
    func fail(_ error: any Error) {
        fail((error as? MongoError).map { "\($0.code)" } ?? String(describing: type(of: error)))
    }
}
