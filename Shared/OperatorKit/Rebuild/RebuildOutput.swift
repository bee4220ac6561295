// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import CQRSUpkeep
internal import ServiceKit
internal import Synchronization

/// What `rebuild` prints while it goes on: progress to standard error, differences and results to standard output.
final class RebuildOutput: Sendable {
    private struct State {
        var line = ProgressLine()
        var pace = Pace()
        var start = ContinuousClock.now
        var resumedAt = 0
        var isComparing = false
        /// Why a line could not be written; the work goes on all the same.
        var failure: (any Error)?

        mutating func print(_ line: String) {
            do { try Console.standard.print(line) } catch { failure = failure ?? error }
        }
    }

    private let state = Mutex(State())

    func show(_ report: RebuildReport) {
        state.withLock { state in
            switch report {
            case .building(let generation, let done, let total):
                state.pace = Pace(from: done.commits)
                state.start = .now
                state.resumedAt = done.events
                let after = done.commits > 0 ? ", going on after \(done.commits.grouped)" : ""
                state.line.end("generation \(generation): about \(total.grouped) commits\(after)")
            case .filling(let done, let total):
                state.line.show(state.pace.text("filled", done.commits, of: total))
            case .filled(let done):
                state.line.clear()
                state.print(Self.summary(done, state.resumedAt, .now - state.start))
                if done.stopped > 0 {
                    state.print("\(done.stopped.grouped) streams end before an event that cannot be applied")
                }
            case .comparing(let done, let total):
                if !state.isComparing { state.pace = Pace() }
                state.isComparing = true
                state.line.show(state.pace.text("compared", done.commits, of: total))
            case .difference(let difference, let isMended, let blocks):
                state.line.clear()
                state.print("\(difference)  (\(isMended ? "mended" : blocks ? "not mended" : "as in the serving one"))")
            case .sumDifference(let difference):
                state.line.clear()
                state.print("\(difference)  (mended)")
            case .switching(let step, let generation):
                state.line.end(Self.text(step, generation))
            case .removing(let generation):
                state.line.end("removing generation \(generation)")
            case .partitioning(let before, let count):
                state.line.end("from \(before) to \(count) partitions")
            case .removingPartitions(let count):
                state.line.end("emptying and removing \(count) partitions")
            }
        }
    }

    /// Makes room for other output.
    ///
    /// - Throws: ``OperatorError`` when something could not be written.
    func end() throws {
        let failure = state.withLock { state in
            state.line.clear()
            return state.failure
        }
        if let failure { throw failure }
    }

    private static func summary(_ done: FillProgress, _ resumedAt: Int, _ time: Duration) -> String {
        let seconds = max(time / .seconds(1), 0.001)
        let rate = Int(Double(done.events - resumedAt) / seconds)
        let tenths = Int(seconds * 10)
        return "filled: \(done.events.grouped) events, \(done.documents.grouped) documents, "
            + "\(tenths / 10).\(tenths % 10) s, \(rate.grouped) events/s"
    }

    private static func text(_ step: Handover, _ generation: Generation) -> String {
        switch step {
        case .aligning: "switching to generation \(generation): bringing the serving one up to it"
        case .joined: "switching: both are read"
        case .catchingUp: "switching: bringing generation \(generation) up to the serving one"
        case .settling: "switching: generation \(generation) serves"
        }
    }
}
