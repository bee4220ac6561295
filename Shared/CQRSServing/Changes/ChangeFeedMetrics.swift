// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Metrics

/// The metrics of one feed of changes.
struct ChangeFeedMetrics: Sendable {
    private let readers: Gauge
    private let bytes: Gauge
    private let pages: Counter
    private let losses: Counter

    init(readModel: String) {
        let dimensions = [("read_model", readModel)]
        readers = Gauge(label: "cqrs_change_feed_readers", dimensions: dimensions)
        bytes = Gauge(label: "cqrs_change_feed_bytes", dimensions: dimensions)
        pages = Counter(label: "cqrs_change_feed_pages", dimensions: dimensions)
        losses = Counter(label: "cqrs_change_feed_losses", dimensions: dimensions)
    }

    /// A page that was read for one reader, because the log did not have it.
    func countPage() { pages.increment() }
    /// A reader whose position could not be found any more.
    func countLoss() { losses.increment() }

    /// The state at this moment.
    func report(readers: Int, bytes: Int) {
        self.readers.record(readers)
        self.bytes.record(bytes)
    }
}
