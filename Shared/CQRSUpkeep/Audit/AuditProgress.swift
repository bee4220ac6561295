// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How far an audit is, and what it found.
public struct AuditProgress: Sendable, Equatable {
    /// Commits read.
    public var commits = 0
    /// Their events.
    public var events = 0
    /// Streams compared with their documents.
    public var streams = 0
    /// Rows of sums compared with what the documents add up to.
    public var rows = 0
    /// Differences found: those that time has not mended.
    public var differences = 0
    /// Differences mended.
    public var repaired = 0

    /// Nothing yet.
    public init() {}
}
