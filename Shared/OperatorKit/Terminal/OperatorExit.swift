// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials

/// What the exit status of an operator's command means, beside 0 for success and 78 for a bad setting (sysexits.h).
enum OperatorExit {
    /// The answer is no: there are differences, a step was refused, a letter failed.
    static let refused: Int32 = 1
    /// A question could not be asked, or was answered with no.
    static let notConfirmed: Int32 = 2
    /// A database or broker cannot be reached, or what is asked for is not there (EX_UNAVAILABLE).
    static let unavailable: Int32 = 69
    /// Anything else went wrong (EX_SOFTWARE).
    static let failed: Int32 = 70
    /// What the command has to say cannot be written (EX_IOERR).
    static let outputFailed: Int32 = 74
    /// The user or password is refused, or may not do this (EX_NOPERM).
    static let notPermitted: Int32 = 77

    /// The status after an error.
    static func status(of error: any Error) -> Int32 {
        if let error = error as? OperatorError { return error.exitStatus }
        return FailureCategory(of: error).isPassing ? unavailable : failed
    }
}
