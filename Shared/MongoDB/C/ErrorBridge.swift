// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CMongoC

/// Whether a failed operation can have changed anything.
enum Effect {
    case read
    case write
    /// Several commands, of which the first may have been applied when a later one failed.
    case bulkWrite
}

extension MongoError {
    /// Translates an error of the C library, in its error API version 2: codes of the server come in one domain.
    init(_ failure: CFailure, reply: BSONDocument?, effect: Effect) {
        let labels = Set(
            reply?["errorLabels"]?.arrayValue?.values.compactMap(\.stringValue) ?? [])
        let domain = mongoc_error_domain_t(rawValue: failure.domain)
        var code: Code
        var serverCode: Int32?
        switch domain {
        case MONGOC_ERROR_SERVER, MONGOC_ERROR_WRITE_CONCERN:
            serverCode = Int32(truncatingIfNeeded: failure.code)
            code = domain == MONGOC_ERROR_WRITE_CONCERN ? .writeConcern : Code(serverCode: serverCode ?? 0)
        case MONGOC_ERROR_SERVER_SELECTION, MONGOC_ERROR_STREAM, MONGOC_ERROR_POOL:
            // Refused credentials show up in the text only: the library reports them as a failed selection.
            code = failure.message.contains("Authentication failed") ? .authentication : .unavailable
        case MONGOC_ERROR_CLIENT where failure.code == MONGOC_ERROR_CLIENT_AUTHENTICATE.rawValue,
            MONGOC_ERROR_SASL, MONGOC_ERROR_SCRAM:
            code = .authentication
        case MONGOC_ERROR_CURSOR where failure.code == MONGOC_ERROR_CHANGE_STREAM_NO_RESUME_TOKEN.rawValue:
            code = .invalidArgument
        case MONGOC_ERROR_PROTOCOL:
            code = .protocolViolation
        case MONGOC_ERROR_BSON:
            code = .invalidBSON
        default:
            code = .invalidArgument
        }
        // The server's own word that a repeat may succeed counts for more than our list of its numbers.
        if code == .server, labels.contains("RetryableWriteError") { code = .unavailable }
        if code == .server, labels.contains("TransientTransactionError") { code = .writeConflict }
        let isUnsent = domain == MONGOC_ERROR_SERVER_SELECTION && effect == .write || effect == .read
        let mayBeApplied =
            [.unavailable, .writeConcern, .timedOut, .protocolViolation].contains(code) && !isUnsent
        self.init(
            code, failure.message, serverCode: serverCode, labels: labels, outcomeUnknown: mayBeApplied)
        // What the monitors said last stands in brackets behind the failed selection.
        if domain == MONGOC_ERROR_SERVER_SELECTION, let reason = Hint(reading: failure.message) { hint = reason }
    }
}

extension MongoError.Code {
    /// What a number of the server means. Numbers: the server's `src/mongo/base/error_codes.yml`.
    init(serverCode: Int32) {
        switch serverCode {
        case 11000, 11001, 12582: self = .duplicateKey
        case 50, 202, 262: self = .timedOut
        case 64, 75, 79, 100: self = .writeConcern
        // Behind the first two: a transaction that is gone, or has taken longer than the server lets one, and a server whose
        // cache is full for the moment.
        case 112, 246, 251, 290, 365: self = .writeConflict
        case 13: self = .unauthorized
        case 18: self = .authentication
        // 175: what the cursor walked over is gone, such as a dropped collection or index.
        case 43, 175, 237: self = .cursorLost
        case 239, 280, 286: self = .historyLost
        case 26, 27: self = .namespaceMissing
        // Host or network trouble, shutdown, no longer primary: the retryable codes of the drivers' specification.
        case 6, 7, 89, 91, 133, 134, 189, 9001, 10058, 10107, 11600, 11602, 13435, 13436: self = .unavailable
        // What passes or is mended without a change on our side: locks, an interrupted operation, a full pool, a full disk.
        case 24, 46, 317, 384, 391, 11601, 14031: self = .unavailable
        default: self = .server
        }
    }
}
