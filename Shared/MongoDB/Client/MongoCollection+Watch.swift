// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension MongoCollection {
    /// Follows the collection's changes.
    ///
    /// Returns at once; ``MongoChangeStream/waitUntilOpen(timeout:)`` tells when nothing can be missed any more.
    ///
    /// - Parameters:
    ///   - pipeline: stages that filter or shape events; they must keep `_id` and `operationType`.
    ///   - onStatus: called on the stream's thread at each change of status but those that only passing time brings.
    ///     Must not block.
    /// - Throws: ``MongoError/Code/closed``; ``MongoError/Code/queueFull`` over
    ///   ``MongoConfiguration/changeStreamLimit``; ``MongoError/Code/invalidArgument``.
    public func watch(
        _ pipeline: BSONArray = [], options: MongoChangeStreamOptions = MongoChangeStreamOptions(),
        onStatus: @escaping @Sendable (MongoChangeStream.Status) -> Void = { _ in }
    ) throws(MongoError) -> MongoChangeStream {
        try namespace.validate()
        guard (50...4000).contains(options.maxAwaitTime.milliseconds), options.bufferLimit > 0 else {
            throw MongoError(.invalidArgument, "maxAwaitTime or bufferLimit is out of range")
        }
        let pump = ChangeStreamPump(
            core: client.core, namespace: namespace, pipeline: pipeline, options: options, onStatus: onStatus)
        try client.core.start(pump)
        return MongoChangeStream(client: client, pump: pump)
    }

    /// The server's present operation time: changes that are known by now have no later
    /// ``MongoChangeEvent/clusterTime``.
    ///
    /// - Returns: `nil` from a server that is no member of a replica set.
    /// - Throws: ``MongoError``.
    public func serverTime(timeout: Duration? = nil) async throws(MongoError) -> BSONTimestamp? {
        let reply = try await client.database("admin").runCommand(["ping": 1], timeout: timeout)
        guard case .timestamp(let time)? = reply["operationTime"] else { return nil }
        return time
    }
}
