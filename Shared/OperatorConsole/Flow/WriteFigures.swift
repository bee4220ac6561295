// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials

/// What the event store says of what is accepted and published.
struct WriteFigures: Sendable {
    /// Accepted commands that caused events, a second.
    var commitsPerSecond = 0.0
    /// Commits not yet known to be published: writers note their progress a few times a second, so fewer may be waiting.
    var backlog: Int64 = 0
    /// When the oldest of them was accepted.
    var oldest: Timestamp?
    /// When this was.
    let lookedAt = Timestamp.now()
    /// Commits that the broker did not take.
    var setAside = 0
    /// Writers with a checkpoint: running, or with something left behind.
    var writers = 0
    /// The newest commits, the newest first.
    var recent: [RecentCommit] = []

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("commitsPerSecond")
        json.double(commitsPerSecond)
        json.member("backlog", backlog)
        if let oldest {
            json.member("oldestMs", max(0, lookedAt.millisecondsSinceEpoch - oldest.millisecondsSinceEpoch))
        }
        json.member("setAside", setAside)
        json.member("writers", writers)
        json.endObject()
    }
}

/// Looks at the event store: the cost of a look follows from the number of writers, not from what they write.
struct WriteWatch {
    /// How many commits are shown.
    static let recentLimit = 20

    private let writers: any WriterCheckpoints
    private var last: [WriterID: Int64]?
    private var total: Int64 = 0
    private var rate = RateWindow()

    init(_ writers: any WriterCheckpoints) { self.writers = writers }

    /// Looks once.
    ///
    /// - Throws: an error with a ``FailureCategory``.
    mutating func look(now: ContinuousClock.Instant = .now) async throws -> WriteFigures {
        var figures = WriteFigures()
        var numbers: [WriterID: Int64] = [:]
        for (writer, progress) in try await writers.progress() {
            let number = try await writers.lastNumber(of: writer)
            numbers[writer] = number
            figures.writers += 1
            figures.setAside += progress.setAside.count
            figures.backlog += max(0, number - progress.published)
            if number > progress.published,
                let waiting = try await writers.commits(of: writer, after: progress.published, limit: 1).first
            {
                let time = waiting.commit.first.recordedAt
                figures.oldest = min(figures.oldest ?? time, time)
            }
            // Who comes up while somebody watches has written all of it meanwhile.
            let before = last.map { $0[writer] ?? 0 } ?? number
            total += max(0, number - before)
            figures.recent += try await recent(of: writer, through: number)
        }
        last = numbers
        rate.note(Double(total), at: now)
        figures.commitsPerSecond = rate.perSecond
        figures.recent = Array(
            figures.recent.sorted { ($0.recordedAt, $0.sequence) > ($1.recordedAt, $1.sequence) }
                .prefix(Self.recentLimit))
        return figures
    }

    private func recent(of writer: WriterID, through number: Int64) async throws -> [RecentCommit] {
        guard number > 0 else { return [] }
        let numbers = Array(max(1, number - Int64(Self.recentLimit) + 1)...number)
        return try await writers.commits(of: writer, numbered: numbers).map { RecentCommit($0, of: writer) }
    }
}
