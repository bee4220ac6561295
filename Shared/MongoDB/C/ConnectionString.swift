// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CMongoC

/// Owns a `mongoc_uri_t`; frees it at the end of its life.
@safe
struct ConnectionString: ~Copyable {
    private let uri: OpaquePointer

    /// Parses a connection string and adds safe settings where it does not say otherwise.
    ///
    /// - Throws: ``MongoError/Code/configuration`` without any of the text, which may hold credentials.
    init(parsing text: String, appName: String) throws(MongoError) {
        guard !text.utf8.contains(0) else { throw MongoError(.configuration, "uri: contains a NUL") }
        var error = bson_error_t()
        let made = unsafe Library.withSecrets { unsafe mongoc_uri_new_with_error(text, &error) }
        guard let uri = unsafe made else {
            throw MongoError(.configuration, "uri: not a MongoDB connection string that the driver can use")
        }
        if let refused = unsafe Self.addDefaults(to: uri, appName: appName) {
            unsafe mongoc_uri_destroy(uri)
            throw MongoError(.configuration, "\(refused): refused by the driver")
        }
        unsafe self.uri = uri
    }

    deinit { unsafe mongoc_uri_destroy(uri) }

    /// Raises the time limit for an answer, if it is lower.
    borrowing func raiseSocketTimeout(to milliseconds: Int32) {
        if int32(MONGOC_URI_SOCKETTIMEOUTMS) < milliseconds {
            unsafe mongoc_uri_set_option_as_int32(uri, MONGOC_URI_SOCKETTIMEOUTMS, milliseconds)
        }
    }

    /// Lends the handle.
    @safe
    borrowing func withPointer<R>(_ body: (OpaquePointer) -> R) -> R { unsafe body(uri) }

    /// Returns the name of a setting that the driver refuses.
    private static func addDefaults(to uri: OpaquePointer, appName: String) -> String? {
        func has(_ option: String) -> Bool { unsafe mongoc_uri_has_option(uri, option) }
        // The driver's own: 30 s, 10 s, 300 s, for ever, 10 s. The last one tells how soon a server that has fallen silent
        // is no longer chosen, too: its monitor waits for that and `connectTimeoutMS` (Server Monitoring specification,
        // "Socket timeout"). That frees nothing of what was sent there before: the driver goes on waiting for
        // `socketTimeoutMS` (1.23 does not interrupt connections in use), and only then asks the new primary.
        let integers: [(String, Int32)] = [
            (MONGOC_URI_SERVERSELECTIONTIMEOUTMS, 3000), (MONGOC_URI_CONNECTTIMEOUTMS, 2000),
            (MONGOC_URI_SOCKETTIMEOUTMS, 3500), (MONGOC_URI_WAITQUEUETIMEOUTMS, 500),
            (MONGOC_URI_HEARTBEATFREQUENCYMS, 1000),
        ]
        for (name, value) in integers where !has(name) {
            guard unsafe mongoc_uri_set_option_as_int32(uri, name, value) else { return name }
        }
        for name in [MONGOC_URI_RETRYWRITES, MONGOC_URI_RETRYREADS] where !has(name) {
            guard unsafe mongoc_uri_set_option_as_bool(uri, name, true) else { return name }
        }
        if !has(MONGOC_URI_APPNAME) {
            guard unsafe mongoc_uri_set_appname(uri, appName) else { return "appName" }
        }
        // The write concern is read from the options when the text is parsed, so it is completed as a whole.
        if let present = unsafe mongoc_uri_get_write_concern(uri),
            let concern = unsafe mongoc_write_concern_copy(present)
        {
            if !has(MONGOC_URI_W) { unsafe mongoc_write_concern_set_w(concern, MONGOC_WRITE_CONCERN_W_MAJORITY) }
            // An unacknowledged write cannot be journaled: the driver refuses the pair.
            let isAcknowledged = unsafe mongoc_write_concern_get_w(concern) != 0
            if !has(MONGOC_URI_JOURNAL), isAcknowledged { unsafe mongoc_write_concern_set_journal(concern, true) }
            // Within the time for an answer, which says more than none.
            if !has(MONGOC_URI_WTIMEOUTMS) { unsafe mongoc_write_concern_set_wtimeout_int64(concern, 3000) }
            unsafe mongoc_uri_set_write_concern(uri, concern)
            unsafe mongoc_write_concern_destroy(concern)
        }
        if !has(MONGOC_URI_READCONCERNLEVEL), let concern = unsafe mongoc_read_concern_new() {
            unsafe mongoc_read_concern_set_level(concern, "majority")
            unsafe mongoc_uri_set_read_concern(uri, concern)
            unsafe mongoc_read_concern_destroy(concern)
        }
        return nil
    }

    /// The write concern in force, for tests: w (-3 is majority), journal, timeout in milliseconds.
    borrowing func writeConcern() -> (w: Int32, journal: Bool, timeoutMs: Int64) {
        let concern = unsafe mongoc_uri_get_write_concern(uri)
        return unsafe (
            mongoc_write_concern_get_w(concern), mongoc_write_concern_get_journal(concern),
            mongoc_write_concern_get_wtimeout_int64(concern)
        )
    }

    /// The value of an integer option; -1 when it is not set.
    borrowing func int32(_ name: String) -> Int32 { unsafe mongoc_uri_get_option_as_int32(uri, name, -1) }
}
