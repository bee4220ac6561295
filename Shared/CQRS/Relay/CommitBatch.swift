// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension [OutboxCommit] {
    /// All events of these commits, in order.
    var events: [RecordedEvent] {
        var events: [RecordedEvent] = []
        events.reserveCapacity(count)
        for commit in self {
            events.append(commit.commit.first)
            events += commit.commit.others
        }
        return events
    }

    /// The first of these commits, until they have so many events.
    func beginning(events maximum: Int) -> [OutboxCommit] {
        var count = 0
        return Array(
            prefix { commit in
                defer { count += commit.commit.count }
                return count < maximum
            })
    }

    /// What became of these commits.
    ///
    /// One is published once all its events are, and all commits of its stream before it. What is not is repeated with
    /// what follows it, in order: of what got through already receivers notice the repeat.
    ///
    /// - Parameter events: what became of each of the ``events``.
    func outcomes(_ events: [PublishOutcome]) -> [PublishOutcome] {
        var failures: [StreamID: PublishOutcome] = [:]
        var rest = events[...]
        return map { commit in
            precondition(rest.count >= commit.commit.count, "a publisher must say what became of each event")
            let failure = failures[commit.commit.stream] ?? rest.prefix(commit.commit.count).first { !$0.isPublished }
            rest = rest.dropFirst(commit.commit.count)
            guard let failure else { return .published }
            failures[commit.commit.stream] = failure
            return failure
        }
    }
}
