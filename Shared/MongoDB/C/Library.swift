// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CMongoC
internal import Logging
import Synchronization

/// The C library's process-wide state.
enum Library {
    private static let logger = Mutex<Logger?>(nil)
    /// How many connection strings are being read just now.
    private static let secrets = Atomic<Int>(0)

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

    /// Directs the library's own messages. The first logger of the process stays, unless it is to be replaced.
    static func setLogger(_ new: Logger, replacing: Bool = false) {
        initialise()
        logger.withLock { if $0 == nil || replacing { $0 = new } }
    }

    /// Keeps the texts of messages out of the log meanwhile: about a connection string the library quotes values of
    /// options, and those may be secrets.
    static func withSecrets<R>(_ body: () -> R) -> R {
        initialise()
        secrets.add(1, ordering: .sequentiallyConsistent)
        defer { secrets.subtract(1, ordering: .sequentiallyConsistent) }
        return body()
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
        let isQuotable = secrets.load(ordering: .sequentiallyConsistent) == 0
        logger.log(
            level: level, "libmongoc reported something",
            metadata: [
                "mongodb.domain": "\(domainName)",
                "mongodb.message": isQuotable
                    ? "\(unsafe message.map { unsafe String(cString: $0) } ?? "")" : "(hidden)",
            ])
    }
}
