// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Who follows what is told, each with a line of its own.
struct NoticeFollowers {
    enum Event: Sendable {
        case told(NoticeMessage)
        /// Sent at that time; nothing that was told before is missing in front of it.
        case echo(ContinuousClock.Instant)
    }

    private struct Follower {
        let readModel: String
        let line: AsyncStream<Event>.Continuation
        var isNew = true
    }

    private var followers: [Int: Follower] = [:]
    private var last = 0

    /// Whether somebody waits for its first echoes.
    var hasNew: Bool { followers.values.contains { $0.isNew } }

    mutating func add(_ readModel: String) -> (number: Int, events: AsyncStream<Event>) {
        last += 1
        let (stream, line) = AsyncStream.makeStream(of: Event.self)
        followers[last] = Follower(readModel: readModel, line: line)
        return (last, stream)
    }

    mutating func opened(_ number: Int) { followers[number]?.isNew = false }

    mutating func remove(_ number: Int) { followers[number] = nil }

    /// Passes on to all, or to those who follow that read model.
    func pass(_ event: Event, of readModel: String? = nil) {
        for follower in followers.values where readModel == nil || follower.readModel == readModel {
            follower.line.yield(event)
        }
    }

    /// Something may be missing from here on.
    mutating func endAll() {
        for follower in followers.values { follower.line.finish() }
        followers = [:]
    }
}
