// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CoreMetrics
internal import Synchronization

/// A backend of swift-metrics that is scraped: it keeps the values in memory and writes them in Prometheus' text format
/// or in OpenMetrics.
///
/// - Counters get the suffix `_total`, timers are histograms in seconds with the suffix `_seconds`, recorders are
///   histograms of what they are given, gauges and meters are gauges.
/// - Names and labels are made valid; label values may be anything.
/// - A name has at most ``seriesLimit`` combinations of label values; further ones share one series whose values are
///   all `other`, so that a mistake cannot eat the memory.
/// - Recording takes an atomic addition, or for histograms a lock that nobody holds for longer than that; a scrape reads
///   series by series and stops nobody.
public final class PrometheusMetrics: MetricsFactory {
    /// How many series one name may have.
    public static let seriesLimit = 1000

    private struct Registry {
        var families: [String: MetricFamily] = [:]
        /// Every name that belongs to one of them.
        var names: Set<String> = []
    }

    private let registry = Mutex(Registry())
    private let help: [String: String]
    private let collectsProcess: Bool
    private let traceID: (@Sendable () -> String?)?

    /// Creates an empty backend.
    ///
    /// - Parameters:
    ///   - help: what each metric is about, by its full name, such as `users_created_total`.
    ///   - collectsProcess: whether each scrape also has the process's memory, files, processor time and start.
    ///   - traceID: the identifier, at most 100 ASCII characters, of the trace in which the caller is recording a value; `nil`
    ///     outside of one, or for one that nobody keeps. Each bucket of a histogram shows the last such trace as its exemplar.
    ///     Called for each value, in the recording task: it must be quick.
    public init(
        help: [String: String] = MetricHelp.texts, collectsProcess: Bool = true,
        traceID: (@Sendable () -> String?)? = nil
    ) {
        self.help = help
        self.collectsProcess = collectsProcess
        self.traceID = traceID
    }

    /// Every metric, sorted by name.
    public func render(_ format: ExpositionFormat = .text) -> [UInt8] {
        let families = registry.withLock { $0.families }
        var text = ExpositionText(format)
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text.header(name: name, help: help[name] ?? "", kind: family.kind)
            for series in family.series { series.write(name, to: &text) }
        }
        if collectsProcess { ProcessMetrics.read()?.write(to: &text) }
        text.end()
        return text.bytes
    }

    private func series<Value: MetricSeries>(
        _ label: String, suffix: String, _ dimensions: [(String, String)], _ kind: MetricFamily.Kind,
        make: (LabelSet) -> Value
    ) -> Value {
        var name = ExpositionText.metricName(label)
        if !name.hasSuffix(suffix) { name += suffix }
        let labels = LabelSet(dimensions)
        return registry.withLock { registry in
            let family: MetricFamily
            if let known = registry.families[name] {
                family = known
            } else {
                // Two metrics that share a name would be invalid text: the second is kept for its caller and never shown.
                let names = kind.names(of: name)
                guard registry.names.isDisjoint(with: names) else { return make(labels) }
                registry.names.formUnion(names)
                family = MetricFamily(kind)
                registry.families[name] = family
            }
            guard family.kind == kind else { return make(labels) }
            return family.find(labels, limit: Self.seriesLimit, make: make) ?? make(labels)
        }
    }

    // MARK: MetricsFactory

    /// The counter for these labels; the same one every time.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, suffix: "_total", dimensions, .counter) { CounterSeries(labels: $0) }
    }

    /// The gauge for these labels; the same one every time.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, suffix: "", dimensions, .gauge) { GaugeSeries(labels: $0) }
    }

    /// A histogram when it aggregates, else a gauge; the same one every time.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return series(label, suffix: "", dimensions, .gauge) { GaugeSeries(labels: $0) } }
        return series(label, suffix: "", dimensions, .histogram) {
            HistogramSeries(labels: $0, bounds: HistogramSeries.countBounds, traceID: traceID)
        }
    }

    /// The histogram for these labels, in seconds; the same one every time.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, suffix: "_seconds", dimensions, .histogram) {
            HistogramSeries(labels: $0, bounds: HistogramSeries.secondsBounds, traceID: traceID)
        }
    }

    /// Does nothing: a series stays, as Prometheus wants it.
    public func destroyCounter(_ handler: any CounterHandler) {}

    /// Does nothing: a series stays, as Prometheus wants it.
    public func destroyMeter(_ handler: any MeterHandler) {}

    /// Does nothing: a series stays, as Prometheus wants it.
    public func destroyRecorder(_ handler: any RecorderHandler) {}

    /// Does nothing: a series stays, as Prometheus wants it.
    public func destroyTimer(_ handler: any TimerHandler) {}
}
