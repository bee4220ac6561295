// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import Metrics

/// The metrics of one projection; every label value comes from a small fixed set.
package struct ProjectionMetrics: Sendable {
    private static let dimension = "projection"

    private let applied: Counter
    private let healed: Counter
    private let ignored: Counter
    private let contradictions: Counter
    private let lost: Counter
    private let retried: Counter
    private let lag: Metrics.Timer
    private let pauses: Counter
    private let batchSize: Recorder
    private let stoppedStreams: Meter
    private let deadLetters: [MalformedEvent.Reason: Counter]

    package init(projection: String) {
        let dimensions = [(Self.dimension, projection)]
        applied = Counter(label: "cqrs_projection_events_applied", dimensions: dimensions)
        healed = Counter(label: "cqrs_projection_events_healed", dimensions: dimensions)
        ignored = Counter(label: "cqrs_projection_deliveries_ignored", dimensions: dimensions)
        contradictions = Counter(label: "cqrs_projection_documents_remade", dimensions: dimensions)
        lost = Counter(label: "cqrs_projection_streams_lost", dimensions: dimensions)
        retried = Counter(label: "cqrs_projection_deliveries_retried", dimensions: dimensions)
        pauses = Counter(label: "cqrs_projection_pauses", dimensions: dimensions)
        batchSize = Recorder(label: "cqrs_projection_batch_size", dimensions: dimensions)
        stoppedStreams = Meter(label: "cqrs_projection_stopped_streams", dimensions: dimensions)
        // Also when there are none: an alarm needs the number to compare with.
        stoppedStreams.set(0)
        lag = Timer(label: "cqrs_projection_lag", dimensions: dimensions)
        // All from the start: what begins at 1 has not increased for who watches.
        deadLetters = Dictionary(
            uniqueKeysWithValues: MalformedEvent.Reason.allCases.map { reason in
                (
                    reason,
                    Counter(
                        label: "cqrs_projection_dead_letters", dimensions: dimensions + [("reason", reason.rawValue)])
                )
            })
    }

    /// Counts events that are reflected from now on, how many of them were not delivered but read from the event store,
    /// and how many deliveries were repeats. For each event the lag is the time since it was recorded.
    func count(applied events: [RecordedEvent], healed healedCount: Int, ignored ignoredCount: Int) {
        if ignoredCount > 0 { ignored.increment(by: ignoredCount) }
        if healedCount > 0 { healed.increment(by: healedCount) }
        guard !events.isEmpty else { return }
        applied.increment(by: events.count)
        let now = Timestamp.now()
        for event in events { lag.recordMilliseconds(now.milliseconds(since: event.recordedAt)) }
    }

    /// Counts a document that was not made of the events in the event store, and was made anew.
    func countContradiction() { contradictions.increment() }

    /// Counts streams of which messages were lost.
    package func countLosses(_ streams: Int) { lost.increment(by: streams) }

    /// Counts an attempt that met a read model, event store or broker that was away.
    func countPause() { pauses.increment() }

    /// Notes how many deliveries went into one bulk.
    func countBatch(_ deliveries: Int) { batchSize.record(deliveries) }

    /// Counts deliveries that will come again after a pause.
    func countRetries(_ deliveries: Int) { retried.increment(by: deliveries) }

    /// Shows how many streams have stopped at an event that could not be applied.
    func show(stoppedStreams count: Int) { stoppedStreams.set(count) }

    /// Counts a delivery that was put aside.
    func deadLettered(_ reason: MalformedEvent.Reason) { deadLetters[reason]?.increment() }
}
