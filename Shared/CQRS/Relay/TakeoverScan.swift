// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Reads what a dead writer left behind again and again: an append that was under way when it died may arrive after
/// any number of others with higher numbers.
struct TakeoverScan {
    private let settleTime: Duration
    private let start: Int64
    private var seen = RangeSet<Int64>()
    private var passBegan: ContinuousClock.Instant?
    private var hasNews = false
    /// When the first of the passes began that had nothing new.
    private var quietSince: ContinuousClock.Instant?
    /// The number behind which to read on.
    private(set) var position: Int64
    /// Whether nothing can arrive any more.
    private(set) var isSettled = false

    init(_ takeover: Takeover, settleTime: Duration) {
        self.settleTime = settleTime
        start = takeover.progress.published
        position = takeover.progress.published
    }

    /// Takes the page behind ``position``, and moves on: behind it, or back to the beginning.
    ///
    /// - Parameter now: when the page was read, at the latest.
    /// - Returns: the commits not seen before, in order.
    mutating func take(
        _ page: [OutboxCommit], isLast: Bool, now: ContinuousClock.Instant = .now
    ) -> [OutboxCommit] {
        let began = passBegan ?? now
        passBegan = began
        let news = page.filter { !seen.contains($0.sequence) }
        for commit in news { seen.insert(contentsOf: commit.sequence..<commit.sequence + 1) }
        if !news.isEmpty { hasNews = true }
        position = page.last?.sequence ?? position
        guard isLast else { return news }
        if hasNews {
            quietSince = nil
        } else if let quietSince {
            isSettled = began - quietSince >= settleTime
        } else {
            quietSince = began
        }
        passBegan = nil
        hasNews = false
        position = start
        return news
    }
}
