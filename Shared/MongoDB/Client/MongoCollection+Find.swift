// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension MongoCollection {
    /// Queries the collection.
    ///
    /// Nothing is sent until the cursor is read.
    ///
    /// - Parameters:
    ///   - limit: the most documents to give; 0 for all.
    ///   - batchSize: how many documents come in one visit to the server, 1 to 100,000. A batch ends early at 16 MiB.
    ///   - hint: an index's name or its keys.
    ///   - maxTime: the server's own limit for the whole query; `nil` for none.
    ///   - timeout: for each batch.
    public func find(
        _ filter: BSONDocument = [:], sort: BSONDocument? = nil, projection: BSONDocument? = nil, limit: Int = 0,
        skip: Int = 0, batchSize: Int = 1000, hint: BSONValue? = nil, maxTime: Duration? = nil,
        timeout: Duration? = nil
    ) -> MongoCursor {
        let size = min(max(batchSize, 1), 100_000)
        let options = findOptions(sort, projection, skip, hint) { options in
            // More than any answer may hold makes no sense to ask for.
            if limit > 0 { options.append("limit", limit) }
            // One more than the limit: the server then closes the cursor with the first batch.
            options.append("batchSize", limit > 0 && limit < size ? limit + 1 : size)
            if let maxTime { options.append("maxTimeMS", max(1, maxTime.milliseconds)) }
        }
        return MongoCursor(
            client: client, batchSize: size, timeout: timeout,
            source: options.map { .find(namespace, filter: filter, options: $0) })
    }

    /// The first document that matches, or `nil`.
    public func findOne(
        _ filter: BSONDocument = [:], sort: BSONDocument? = nil, projection: BSONDocument? = nil, skip: Int = 0,
        hint: BSONValue? = nil, timeout: Duration? = nil
    ) async throws(MongoError) -> BSONDocument? {
        try await client.core.run(timeout: timeout, isWrite: false) { [self] connection throws(MongoError) in
            let options = findOptions(sort, projection, skip, hint) { options in
                options.append("limit", 1)
                options.append("singleBatch", true)
                options.append("maxTimeMS", connection.remainingMilliseconds)
            }
            return try connection.readAll(.find(namespace, filter: filter, options: options.get())).first
        }
    }

    private func findOptions(
        _ sort: BSONDocument?, _ projection: BSONDocument?, _ skip: Int, _ hint: BSONValue?,
        _ more: (inout BSONWriter) -> Void
    ) -> Result<BSONDocument, MongoError> {
        var options = BSONWriter()
        if let sort { options.append("sort", sort) }
        if let projection { options.append("projection", projection) }
        if skip > 0 { options.append("skip", skip) }
        if let hint { options.append("hint", hint) }
        more(&options)
        return Result { () throws(MongoError) in try options.finish() }
    }

    /// Runs an aggregation pipeline; see ``find(_:sort:projection:limit:skip:batchSize:hint:maxTime:timeout:)``.
    public func aggregate(
        _ pipeline: BSONArray, batchSize: Int = 1000, hint: BSONValue? = nil, allowDiskUse: Bool = false,
        maxTime: Duration? = nil, timeout: Duration? = nil
    ) -> MongoCursor {
        let size = min(max(batchSize, 1), 100_000)
        var options = BSONWriter()
        options.append("batchSize", Int32(size))
        if let hint { options.append("hint", hint) }
        if allowDiskUse { options.append("allowDiskUse", true) }
        if let maxTime { options.append("maxTimeMS", max(1, maxTime.milliseconds)) }
        let finished = Result { () throws(MongoError) in try options.finish() }
        return MongoCursor(
            client: client, batchSize: size, timeout: timeout,
            source: finished.map { .aggregate(namespace, pipeline: pipeline, options: $0) })
    }

    /// Counts the documents that match, exactly, by looking at them or their index keys.
    public func countDocuments(
        _ filter: BSONDocument = [:], limit: Int = 0, hint: BSONValue? = nil, timeout: Duration? = nil
    ) async throws(MongoError) -> Int {
        var stages: [BSONValue] = [.document(["$match": .document(filter)])]
        if limit > 0 { stages.append(["$limit": .int(limit)]) }
        stages.append(["$group": ["_id": 1, "n": ["$sum": 1]]])
        let pipeline = BSONArray(stages)
        return try await client.core.run(timeout: timeout, isWrite: false) {
            [namespace] connection throws(MongoError) in
            let options = try connection.options { if let hint { $0.append("hint", hint) } }
            let source = CursorSource.aggregate(namespace, pipeline: pipeline, options: options)
            return try connection.readAll(source).first?["n"]?.intValue ?? 0
        }
    }

    /// The different values of a field. All in one answer, so at most 16 MiB.
    public func distinct(
        _ field: String, _ filter: BSONDocument = [:], timeout: Duration? = nil
    ) async throws(MongoError) -> [BSONValue] {
        try await client.core.run(timeout: timeout, isWrite: false) { [namespace] connection throws(MongoError) in
            var command = BSONWriter()
            command.append("distinct", namespace.collection)
            command.append("key", field)
            command.append("query", filter)
            command.append("maxTimeMS", connection.remainingMilliseconds)
            return try connection.read(try command.finish(), on: namespace)["values"]?.arrayValue?.values ?? []
        }
    }
}
