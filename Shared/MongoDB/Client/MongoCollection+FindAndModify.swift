// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension MongoCollection {
    /// Changes the first document that matches and gives it, in one step.
    ///
    /// - Parameters:
    ///   - update: update operators, or a whole replacement.
    ///   - returnsNew: whether to give the document as it is afterwards, not as it was before.
    /// - Returns: `nil` when none matched, and for an upsert that inserted unless `returnsNew`.
    public func findOneAndUpdate(
        _ filter: BSONDocument, _ update: BSONDocument, sort: BSONDocument? = nil, projection: BSONDocument? = nil,
        upsert: Bool = false, returnsNew: Bool = false, timeout: Duration? = nil
    ) async throws(MongoError) -> BSONDocument? {
        let command = FindAndModify(
            filter: filter, update: update, sort: sort, projection: projection, upsert: upsert, returnsNew: returnsNew)
        return try await client.core.run(timeout: timeout, isWrite: true) {
            [namespace] connection throws(MongoError) in
            try connection.findAndModify(command, on: namespace)
        }
    }

    /// Deletes the first document that matches and gives it, in one step. - Returns: `nil` when none matched.
    public func findOneAndDelete(
        _ filter: BSONDocument, sort: BSONDocument? = nil, projection: BSONDocument? = nil, timeout: Duration? = nil
    ) async throws(MongoError) -> BSONDocument? {
        let command = FindAndModify(filter: filter, sort: sort, projection: projection)
        return try await client.core.run(timeout: timeout, isWrite: true) {
            [namespace] connection throws(MongoError) in
            try connection.findAndModify(command, on: namespace)
        }
    }
}
