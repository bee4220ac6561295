// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A page of a stream's events.
public struct StreamPage: Sendable, Hashable {
    /// Whose events.
    public let stream: StreamID
    /// The version before the first wanted; 0 for the first page.
    public let version: Int64
    /// The most events, at least 1.
    public let limit: Int

    /// Creates what to ask for.
    public init(_ stream: StreamID, after version: Int64, limit: Int) {
        precondition(limit > 0)
        self.stream = stream
        self.version = version
        self.limit = limit
    }
}
