// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a fill has done.
public struct FillProgress: Sendable, Equatable {
    /// Commits read.
    public var commits = 0
    /// Their events.
    public var events = 0
    /// Documents made.
    public var documents = 0
    /// Streams that an event which cannot be applied has stopped.
    public var stopped = 0

    /// Nothing yet.
    public init() {}

    static func + (a: Self, b: Self) -> Self {
        var sum = a
        sum.commits += b.commits
        sum.events += b.events
        sum.documents += b.documents
        sum.stopped += b.stopped
        return sum
    }
}
