// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS

/// A stream in memory: what was appended to it, in order.
struct CommittedStream {
    private(set) var appends: [EventAppend] = []

    /// The version of its last event; 0 without one.
    var lastVersion: Int64 { appends.last?.commit.last.version ?? 0 }

    mutating func add(_ append: EventAppend) { appends.append(append) }

    /// The append that an event came with.
    func append(of version: Int64) -> EventAppend { appends[index(of: version)] }

    mutating func forgetKey(of version: Int64) { appends[index(of: version)].commit.forgetKey() }

    /// The events behind a version up to the end of a commit, as soon as there are so many.
    func events(after version: Int64, atLeast count: Int) -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        for append in appends[index(of: version + 1)...] {
            guard events.count < count else { break }
            events += append.commit.events.drop { $0.version <= version }
        }
        return events
    }

    /// The commits that begin behind a version, until they have so many events.
    func commits(after version: Int64, atLeast count: Int) -> [Commit] {
        var commits: [Commit] = []
        var left = count
        for append in appends[index(of: version + 1)...] where append.commit.first.version > version {
            guard left > 0 else { break }
            commits.append(append.commit)
            left -= append.commit.count
        }
        return commits
    }

    /// Where the append of an event is; behind the last one for an event that does not exist.
    private func index(of version: Int64) -> Int {
        var (low, high) = (0, appends.count)
        while low < high {
            let middle = (low + high) / 2
            if appends[middle].commit.last.version < version { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
