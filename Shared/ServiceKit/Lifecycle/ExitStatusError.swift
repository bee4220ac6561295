// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An error that knows with which status its command ends.
public protocol ExitStatusError: Error {
    /// The exit status, not 0; of those of sysexits.h where one fits.
    var exitStatus: Int32 { get }
}
