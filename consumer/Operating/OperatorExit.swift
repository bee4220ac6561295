// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS

/// What the exit status of an operator's command means, beside 0 for success. A usage error is 64 and a bad setting 78,
/// as everywhere (sysexits.h).
enum OperatorExit {
    /// The answer is no: differences were found, a step was refused.
    static let refused: Int32 = 1
    /// A database or broker cannot be reached: try again (EX_UNAVAILABLE).
    static let unavailable: Int32 = 69
    /// Anything else went wrong (EX_SOFTWARE).
    static let failed: Int32 = 70

    /// The status after an error.
    static func status(of error: any Error) -> Int32 {
        FailureCategory(of: error).isPassing ? unavailable : failed
    }
}
