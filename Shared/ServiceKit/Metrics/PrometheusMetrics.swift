// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CoreMetrics
internal import Synchronization

/// A backend of swift-metrics that is scraped: it keeps the values in memory and writes them in Prometheus' text format.
///
/// - Counters get the suffix `_total`, timers are histograms in seconds with the suffix `_seconds`, recorders are
///   histograms of what they are given, gauges and meters are gauges.
/// - Names and labels are made valid; label values may be anything.
/// - A name has at most ``seriesLimit`` combinations of label values; further ones share one series whose values are
///   all `other`, so that a mistake cannot eat the memory.
/// - Recording takes an atomic addition, or for histograms a lock that nobody holds for longer than that; a scrape reads
///   series by series and stops nobody.
public final class PrometheusMetrics: MetricsFactory {
    /// The media type of ``render()``.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"
    /// How many series one name may have.
    public static let seriesLimit = 1000

    private struct Registry {
        var families: [String: MetricFamily] = [:]
    }

    private let registry = Mutex(Registry())
    private let help: [String: String]
    private let collectsProcess: Bool

    /// Creates an empty backend.
    ///
    /// - Parameters:
    ///   - help: what each metric is about, by its full name, such as `users_created_total`.
    ///   - collectsProcess: whether each scrape also has the process's memory, files, processor time and start.
    public init(help: [String: String] = MetricHelp.texts, collectsProcess: Bool = true) {
        self.help = help
        self.collectsProcess = collectsProcess
    }

    /// Every metric in text format 0.0.4, sorted by name.
    public func render() -> [UInt8] {
        let families = registry.withLock { $0.families }
        var text = PrometheusText()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text.header(name: name, help: help[name] ?? "", type: family.kind.rawValue)
            for series in family.series { series.write(name, to: &text) }
        }
        if collectsProcess { ProcessMetrics.read()?.write(to: &text) }
        return text.bytes
    }

    private func series<Value: MetricSeries>(
        _ label: String, suffix: String, _ dimensions: [(String, String)], _ kind: MetricFamily.Kind,
        make: (LabelSet) -> Value
    ) -> Value {
        var name = PrometheusText.metricName(label)
        if !name.hasSuffix(suffix) { name += suffix }
        let labels = LabelSet(dimensions)
        return registry.withLock { registry in
            let family: MetricFamily
            if let known = registry.families[name] {
                family = known
            } else {
                family = MetricFamily(kind)
                registry.families[name] = family
            }
            // Two kinds under one name would be invalid text: the second is kept for its caller and never shown.
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
            HistogramSeries(labels: $0, bounds: HistogramSeries.countBounds)
        }
    }

    /// The histogram for these labels, in seconds; the same one every time.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, suffix: "_seconds", dimensions, .histogram) {
            HistogramSeries(labels: $0, bounds: HistogramSeries.secondsBounds)
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
