// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
public import Essentials
public import MongoDB

extension MongoError: CategorizedError {
    /// What a client error means for the one who met it.
    public var category: FailureCategory {
        // Whether a write's outcome is known or not, its caller's leaving is no sign of the server's state.
        outcomeUnknown && code != .cancelled ? .unavailable : FailureCategory(code)
    }
}

extension FailureCategory {
    fileprivate init(_ code: MongoError.Code) {
        self =
            switch code {
            case .unavailable, .timedOut, .queueFull, .writeConcern, .closed: .unavailable
            // The database is there but not set up for us. An operator mends that while we wait.
            case .authentication, .unauthorized: .unavailable
            case .writeConflict, .cursorLost: .transient
            case .cancelled: .cancelled
            case .invalidBSON: .malformed
            default: .internal
            }
    }
}

extension BulkWriteError: CategorizedError {
    /// What the refusal of one write means: a server that could not do it now, or one that never will.
    public var category: FailureCategory { FailureCategory(code) }
}

extension MongoConfigurationError: InvalidSetting {}
