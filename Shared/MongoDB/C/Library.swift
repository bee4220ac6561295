// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CMongoC
internal import Logging
import Synchronization

/// The C library's process-wide state.
enum Library {
    private static let logger = Mutex<Logger?>(nil)

    /// Initialises the library, once. `mongoc_cleanup` is never called: it would have to wait for every client of
    /// the process, and the system takes the memory back anyway.
    private static let initialised: Void = {
        mongoc_init()
        // The handler is process-wide and set before the first client exists. It runs on any thread, under the
        // library's log lock: it must not call back into the library.
        unsafe mongoc_log_set_handler(
            { level, domain, message, _ in
                unsafe Library.log(level, domain, message)
            }, nil)
    }()

    static func initialise() { _ = initialised }

    /// Directs the library's own messages. The first logger of the process stays.
    static func setLogger(_ new: Logger) {
        initialise()
        logger.withLock { if $0 == nil { $0 = new } }
    }

    private static func log(
        _ level: mongoc_log_level_t, _ domain: UnsafePointer<CChar>?, _ message: UnsafePointer<CChar>?
    ) {
        guard let logger = logger.withLock({ $0 }) else { return }
        let domainName = unsafe domain.map { unsafe String(cString: $0) } ?? ""
        let level: Logger.Level =
            switch level {
            case MONGOC_LOG_LEVEL_ERROR, MONGOC_LOG_LEVEL_CRITICAL, MONGOC_LOG_LEVEL_WARNING: .info
            case MONGOC_LOG_LEVEL_MESSAGE, MONGOC_LOG_LEVEL_INFO: .debug
            default: .trace
            }
        // The library quotes bad options of a connection string, and those may be secrets.
        let isQuotable = domainName != "uri"
        logger.log(
            level: level, "libmongoc reported something",
            metadata: [
                "mongodb.domain": "\(domainName)",
                "mongodb.message": isQuotable
                    ? "\(unsafe message.map { unsafe String(cString: $0) } ?? "")" : "(hidden)",
            ])
    }
}
