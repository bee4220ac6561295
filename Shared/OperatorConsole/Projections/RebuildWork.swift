// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import CQRSUpkeep
internal import Essentials

/// How far work on a read model's generations is, or how it ended.
struct RebuildWork: Sendable {
    let action: GenerationAction
    private let begun = ContinuousClock.now
    private(set) var phase = "waiting"
    private var done = 0
    private var total = 0
    /// When the phase began, and with how much done.
    private var start: (time: ContinuousClock.Instant, done: Int) = (.now, 0)
    private var differences = 0
    /// How it ended; `nil` while it goes on.
    private(set) var outcome: String?

    init(_ action: GenerationAction) { self.action = action }

    var isRunning: Bool { outcome == nil }

    /// Takes in what the work tells.
    mutating func note(_ report: RebuildReport) {
        switch report {
        case .building(_, let done, let total): enter("filling", done.commits, of: total)
        case .filling(let done, let total): enter("filling", done.commits, of: total)
        case .filled(let done): enter("filled", done.commits, of: done.commits)
        case .comparing(let done, let total): enter("comparing", done.commits, of: total)
        case .difference(_, let isMended, _): if !isMended { differences += 1 }
        case .sumDifference: break
        case .switching(let step, _): enter("switching: \(step.rawValue)", 0, of: 0)
        case .removing(let generation): enter("removing generation \(generation)", 0, of: 0)
        // Nothing that the console does.
        case .partitioning, .removingPartitions: break
        }
    }

    private mutating func enter(_ phase: String, _ done: Int, of total: Int) {
        if phase != self.phase { start = (.now, done) }
        (self.phase, self.done, self.total) = (phase, done, total)
    }

    mutating func end(_ outcome: String) { self.outcome = outcome }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("action", action.name)
        json.member("phase", phase)
        if total > 0 {
            json.member("done", done)
            json.member("total", total)
            let seconds = (ContinuousClock.now - start.time) / .seconds(1)
            let rate = seconds > 0.5 ? Double(done - start.done) / seconds : 0
            json.member("perSecond", Int(rate))
            if isRunning, rate >= 1, total > done { json.member("secondsToGo", Int(Double(total - done) / rate) + 1) }
        }
        if differences > 0 { json.member("differences", differences) }
        json.member("outcome", ifPresent: outcome)
        json.endObject()
    }
}
