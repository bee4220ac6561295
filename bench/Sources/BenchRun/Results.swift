// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a subject's turn in one round gave.
struct Turn: Encodable, Sendable {
    let subject: String
    /// From 1; 0 is before the first round.
    let round: Int
    let seconds: Double
    var disturbance: Disturbance
    /// How long the control work took before, in seconds; `nil` for what takes no time itself.
    let control: Double?
    /// What was measured, in order.
    let readings: [Reading]
}

/// All turns with one number of users.
struct Results: Encodable, Sendable {
    /// Users before the first round.
    let users: Int
    private(set) var turns: [Turn] = []
    /// What went wrong.
    var failures: [String] = []

    init(users: Int) { self.users = users }

    mutating func add(_ turn: Turn) {
        turns.append(turn)
        // How long the control work usually takes is known only in the end, and better with each turn.
        guard let usual = median(turns.compactMap(\.control)) else { return }
        for index in turns.indices {
            if let control = turns[index].control { turns[index].disturbance.slowness = control / usual }
        }
    }

    /// What all rounds together say of each metric, in the order of the subjects.
    func summaries(_ order: [String]) -> [Summary] {
        var metrics: [Metric] = []
        for subject in order {
            for turn in turns where turn.subject == subject {
                for reading in turn.readings where !metrics.contains(reading.metric) { metrics.append(reading.metric) }
            }
        }
        return metrics.compactMap { summary(of: $0) }
    }

    private func summary(of metric: Metric) -> Summary? {
        let all = turns.filter { $0.value(metric.name) != nil }
        let undisturbed = all.filter { $0.disturbance.reason == nil }
        let used = undisturbed.isEmpty ? all : undisturbed
        let values = used.compactMap { $0.value(metric.name) }
        guard let middle = median(values), let least = values.min(), let most = values.max() else { return nil }
        let ratios = metric.limits.compactMap { limit in
            // Within each round, in which limit and subject met the same machine.
            median(used.compactMap { turn in ratio(turn, metric.name, limit) }).map {
                Summary.Ratio(limit: limit, ratio: $0)
            }
        }
        return Summary(
            metric: metric.name, unit: metric.unit.rawValue, median: middle, min: least, max: most,
            rounds: values.count, isDisturbed: undisturbed.isEmpty, ratios: ratios)
    }

    private func ratio(_ turn: Turn, _ metric: String, _ limit: String) -> Double? {
        guard let value = turn.value(metric) else { return nil }
        let limits = turns.filter { $0.value(limit) != nil && $0.disturbance.reason == nil }
        let bound =
            limits.first { $0.round == turn.round }?.value(limit) ?? median(limits.compactMap { $0.value(limit) })
            ?? median(turns.compactMap { $0.value(limit) })
        return bound.map { value / $0 }
    }
}

extension Turn {
    func value(_ metric: String) -> Double? { readings.first { $0.metric.name == metric }?.value }
}

/// What all rounds together say of a metric.
struct Summary: Encodable, Sendable {
    let metric: String
    let unit: String
    let median: Double
    let min: Double
    let max: Double
    /// How many rounds these are from.
    let rounds: Int
    /// Whether there was no round without a disturbance. Otherwise the disturbed ones are left out.
    let isDisturbed: Bool
    /// How much of its limits it reaches, in the middle of the rounds.
    let ratios: [Ratio]

    struct Ratio: Encodable, Sendable {
        let limit: String
        let ratio: Double
    }
}
