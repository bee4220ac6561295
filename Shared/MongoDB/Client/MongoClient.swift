// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Logging

/// A client of one MongoDB deployment: threads, connections and a queue in front of them.
///
/// Share one per process. Every method may be called from any task; none blocks a thread of Swift's.
///
/// ```swift
/// let client = try MongoClient(configuration: MongoConfiguration(uri: uri), logger: logger)
/// let events = client.database("cqrs_write").collection("events")
/// try await events.insertOne(["_id": "user-1:1", "version": 1])
/// await client.close()
/// ```
///
/// Connections are made when the first operation needs them: a client can be made while the server is away, and its
/// operations fail with ``MongoError/Code/unavailable`` until it is there.
public final class MongoClient: Sendable {
    let core: ClientCore

    /// Starts the client's threads; communicates with nobody yet.
    ///
    /// - Parameter logger: takes the driver's own messages too, for the whole process, when it is the first one.
    /// - Throws: ``MongoError/Code/configuration``.
    public init(configuration: MongoConfiguration, logger: Logger) throws(MongoError) {
        core = try ClientCore(configuration: configuration, logger: logger)
        core.start()
    }

    /// Ends the threads as ``close()`` does, but waits for nothing.
    deinit { core.beginClose() }

    /// How long an operation may last that says nothing else.
    public var operationTimeout: Duration { core.configuration.operationTimeout }

    /// Asks the server for a sign of life, on a thread and a connection that nothing else uses: other operations, however
    /// many and however slow, do not keep it waiting.
    ///
    /// - Throws: ``MongoError``, as every operation does: `unavailable` while no server can be reached.
    public func ping(timeout: Duration? = nil) async throws(MongoError) {
        do throws(MongoError) {
            _ = try await core.run(timeout: timeout, isWrite: false, worker: core.queue.reserved) {
                [watch = core.watch] connection throws(MongoError) in
                do throws(MongoError) {
                    _ = try connection.runCommand(["ping": 1], database: "admin")
                    watch.notePing(nil)
                } catch {
                    watch.notePing(error)
                    throw error
                }
            }
        } catch {
            var error = error
            // The driver looks for a server, and tries to log in, for longer than a ping may take.
            if error.code == .timedOut || error.code == .unavailable { error.hint = error.hint ?? core.watch.hint }
            throw error
        }
    }

    /// Names a database. It need not exist.
    public func database(_ name: String) -> MongoDatabase { MongoDatabase(client: self, name: name) }

    /// Names a database. It need not exist.
    public subscript(name: String) -> MongoDatabase { database(name) }

    /// How many operations wait for a worker, for metrics.
    public var queuedOperations: Int { core.queue.count }

    /// Ends the client in order and returns when its connections are closed.
    ///
    /// Waiting operations fail with ``MongoError/Code/closed``, change streams end, running operations are let finish.
    /// What a silent server keeps from ending is not waited for: after the limit, or at once when the task is cancelled,
    /// running operations fail with `closed` too, a write's outcome unknown, and their connections are closed when their
    /// calls return. Afterwards every operation fails with `closed`. May be called again.
    ///
    /// - Parameter limit: the longest wait.
    public func close(within limit: Duration = .seconds(5)) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [core] in await core.close() }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }
}
