// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// An error that a resolver throws for the client to read. Of any other the answer says only that there was one.
public struct FieldFailure: Error, Sendable {
    /// What the answer says.
    public let message: String

    /// Creates an error with what the answer says of it.
    public init(_ message: String) { self.message = message }
}
