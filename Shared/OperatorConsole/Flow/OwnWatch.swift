// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Rates of what this query service does, from its metrics.
struct OwnWatch {
    /// One read model's near cache.
    struct Cache: Sendable {
        /// Changes that were told, a second.
        var changesPerSecond = 0.0
        /// How long after their events these were visible, on average; `nil` when there were none.
        var lagSeconds: Double?
        var isFollowing = false
    }

    struct Figures: Sendable {
        var readsPerSecond = 0.0
        var hitsPerSecond = 0.0
        var processorShare = 0.0
        var residentBytes = 0.0
        /// Those of read models that are kept in memory.
        var caches: [String: Cache] = [:]
    }

    private struct CacheRates {
        var changes = RateWindow()
        var lagSum = RateWindow()
        var lagCount = RateWindow()
    }

    private var reads = RateWindow()
    private var hits = RateWindow()
    private var processor = RateWindow()
    private var caches: [String: CacheRates] = [:]

    /// Takes in the metrics of now.
    mutating func note(_ own: OwnFigures, readModels: [String], at now: ContinuousClock.Instant) -> Figures {
        reads.note(own.reads, at: now)
        hits.note(own.sum("cqrs_near_cache_hits_total"), at: now)
        processor.note(own.sum("process_cpu_seconds_total"), at: now)
        var figures = Figures()
        figures.readsPerSecond = reads.perSecond
        figures.hitsPerSecond = hits.perSecond
        figures.processorShare = processor.perSecond
        figures.residentBytes = own.sum("process_resident_memory_bytes")
        for name in readModels {
            guard let following = own.value("cqrs_near_cache_following", of: name) else { continue }
            var rates = caches[name] ?? CacheRates()
            rates.changes.note(own.value("cqrs_near_cache_changes_total", of: name) ?? 0, at: now)
            rates.lagSum.note(own.value("cqrs_near_cache_lag_seconds_sum", of: name) ?? 0, at: now)
            rates.lagCount.note(own.value("cqrs_near_cache_lag_seconds_count", of: name) ?? 0, at: now)
            caches[name] = rates
            figures.caches[name] = Cache(
                changesPerSecond: rates.changes.perSecond,
                lagSeconds: rates.lagCount.growth > 0 ? rates.lagSum.growth / rates.lagCount.growth : nil,
                isFollowing: following > 0)
        }
        return figures
    }
}
