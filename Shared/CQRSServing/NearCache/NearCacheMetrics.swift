// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Metrics

/// The metrics of one near cache.
struct NearCacheMetrics: Sendable {
    private let hits: Counter
    private let misses: Counter
    private let bypasses: Counter
    private let stale: Counter
    private let notKept: Counter
    private let evictions: Counter
    private let changes: Counter
    private let openings: Counter
    private let waits: Counter
    private let waitsFailed: Counter
    private let entries: Gauge
    private let bytes: Gauge
    private let waiters: Gauge
    private let following: Gauge
    private let lag: Metrics.Timer

    init(readModel: String) {
        let dimensions = [("read_model", readModel)]
        hits = Counter(label: "cqrs_near_cache_hits", dimensions: dimensions)
        misses = Counter(label: "cqrs_near_cache_misses", dimensions: dimensions)
        bypasses = Counter(label: "cqrs_near_cache_bypasses", dimensions: dimensions)
        stale = Counter(label: "cqrs_near_cache_stale_answers", dimensions: dimensions)
        notKept = Counter(label: "cqrs_near_cache_readings_not_kept", dimensions: dimensions)
        evictions = Counter(label: "cqrs_near_cache_evictions", dimensions: dimensions)
        changes = Counter(label: "cqrs_near_cache_changes", dimensions: dimensions)
        openings = Counter(label: "cqrs_near_cache_feed_openings", dimensions: dimensions)
        waits = Counter(label: "cqrs_near_cache_waits", dimensions: dimensions)
        waitsFailed = Counter(label: "cqrs_near_cache_waits_in_vain", dimensions: dimensions)
        entries = Gauge(label: "cqrs_near_cache_entries", dimensions: dimensions)
        bytes = Gauge(label: "cqrs_near_cache_bytes", dimensions: dimensions)
        waiters = Gauge(label: "cqrs_near_cache_waiters", dimensions: dimensions)
        following = Gauge(label: "cqrs_near_cache_following", dimensions: dimensions)
        lag = Timer(label: "cqrs_near_cache_lag", dimensions: dimensions)
    }

    /// An answer from the cache.
    func countHit() { hits.increment() }
    /// An answer that was not in the cache.
    func countMiss() { misses.increment() }
    /// An answer from the read model because the feed is broken.
    func countBypass() { bypasses.increment() }
    /// An answer from the cache although the feed is broken, because the read model is away.
    func countStale() { stale.increment() }
    /// Something read during which a change of it was told.
    func countNotKept() { notKept.increment() }
    /// A feed that was opened, so that the cache begins empty.
    func countOpening() { openings.increment() }
    /// Somebody who had to wait for a version, and whether it came in time.
    func countWait(isInVain: Bool) {
        waits.increment()
        if isInVain { waitsFailed.increment() }
    }

    /// A change that was told, and how long after its event.
    func countChange(since recordedAt: Timestamp?) {
        changes.increment()
        if let recordedAt { lag.recordMilliseconds(Timestamp.now().milliseconds(since: recordedAt)) }
    }

    /// Entries that left for want of room.
    func count(evictions count: Int) { if count > 0 { evictions.increment(by: count) } }

    /// The state at this moment.
    func report(entries: Int, bytes: Int, waiters: Int, isFollowing: Bool) {
        self.entries.record(entries)
        self.bytes.record(bytes)
        self.waiters.record(waiters)
        following.record(isFollowing ? 1 : 0)
    }
}
