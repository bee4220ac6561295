// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CMongoC
internal import Logging

/// Owns a `mongoc_client_pool_t`, the only part of the library that threads may share (its manual: "Connection
/// Pooling").
///
/// Destroy it after every client was pushed back; that joins the library's monitoring threads, so not on one of
/// Swift's own.
@safe
struct ClientPool: ~Copyable {
    private let pool: OpaquePointer
    /// Retained for the pool's life: the callbacks use it.
    private let observer: Unmanaged<CommandObserver>

    /// Makes a pool; connects to nobody yet.
    ///
    /// - Parameter minimumSocketTimeout: raises the connection string's `socketTimeoutMS`.
    init(
        _ configuration: MongoConfiguration, size: Int, minimumSocketTimeout: Duration = .zero, logger: Logger,
        watch: ServerWatch
    ) throws(MongoError) {
        Library.setLogger(logger)
        let uri = try ConnectionString(parsing: configuration.uri, appName: configuration.appName)
        uri.raiseSocketTimeout(to: Int32(clamping: minimumSocketTimeout.milliseconds))
        var error = bson_error_t()
        let made = uri.withPointer { uri in
            unsafe Library.withSecrets { unsafe mongoc_client_pool_new_with_error(uri, &error) }
        }
        guard let pool = unsafe made else {
            throw MongoError(.configuration, "uri: the driver cannot use it")
        }
        unsafe self.pool = pool
        unsafe observer = Unmanaged.passRetained(CommandObserver(logger: logger, watch: watch))
        // All of these before the first pop, as the manual demands.
        unsafe mongoc_client_pool_max_size(pool, UInt32(clamping: size))
        unsafe mongoc_client_pool_set_error_api(pool, MONGOC_ERROR_API_VERSION_2)
        let callbacks = unsafe mongoc_apm_callbacks_new()
        unsafe mongoc_apm_set_command_failed_cb(callbacks) { event in
            unsafe CommandObserver.commandFailed(event)
        }
        unsafe mongoc_apm_set_server_heartbeat_failed_cb(callbacks) { event in
            unsafe CommandObserver.heartbeatFailed(event)
        }
        unsafe mongoc_apm_set_server_heartbeat_succeeded_cb(callbacks) { event in
            unsafe CommandObserver.heartbeatSucceeded(event)
        }
        unsafe mongoc_client_pool_set_apm_callbacks(pool, callbacks, observer.toOpaque())
        unsafe mongoc_apm_callbacks_destroy(callbacks)
    }

    deinit {
        unsafe mongoc_client_pool_destroy(pool)
        unsafe observer.release()
    }

    /// Takes a client. The pool is as large as there are threads, so this never waits and always finds one.
    borrowing func pop() -> OpaquePointer? { unsafe mongoc_client_pool_try_pop(pool) }

    /// Gives a client back, its cursors and streams destroyed.
    borrowing func push(_ client: OpaquePointer) { unsafe mongoc_client_pool_push(pool, client) }
}

/// Notes failed commands, which the library's retries otherwise hide. Names, durations and codes; never contents.
final class CommandObserver: Sendable {
    private let logger: Logger
    private let watch: ServerWatch

    init(logger: Logger, watch: ServerWatch) {
        self.logger = logger
        self.watch = watch
    }

    /// On a monitor's thread, like the next one: both hand over and return.
    static func heartbeatFailed(_ event: OpaquePointer?) {
        guard let event = unsafe event,
            let context = unsafe mongoc_apm_server_heartbeat_failed_get_context(event)
        else { return }
        var error = bson_error_t()
        unsafe mongoc_apm_server_heartbeat_failed_get_error(event, &error)
        let hint = MongoError.Hint(reading: CFailure(error).message)
        unsafe Unmanaged<CommandObserver>.fromOpaque(context).takeUnretainedValue().watch.noteGreeting(hint)
    }

    static func heartbeatSucceeded(_ event: OpaquePointer?) {
        guard let event = unsafe event,
            let context = unsafe mongoc_apm_server_heartbeat_succeeded_get_context(event)
        else { return }
        unsafe Unmanaged<CommandObserver>.fromOpaque(context).takeUnretainedValue().watch.noteGreeting(nil)
    }

    static func commandFailed(_ event: OpaquePointer?) {
        guard let event = unsafe event, let context = unsafe mongoc_apm_command_failed_get_context(event) else {
            return
        }
        var error = bson_error_t()
        unsafe mongoc_apm_command_failed_get_error(event, &error)
        let name = unsafe mongoc_apm_command_failed_get_command_name(event).map { unsafe String(cString: $0) }
        let logger = unsafe Unmanaged<CommandObserver>.fromOpaque(context).takeUnretainedValue().logger
        logger.debug(
            "a MongoDB command failed",
            metadata: [
                "mongodb.command": "\(name ?? "")",
                "mongodb.durationMicroseconds": "\(unsafe mongoc_apm_command_failed_get_duration(event))",
                "mongodb.errorDomain": "\(error.domain)",
                "mongodb.errorCode": "\(error.code)",
            ])
    }
}
