// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Foundation

/// What processes and the machine spend from its making on.
struct Observation {
    private let processes: [(name: String, pid: Int32)]
    private let start = ContinuousClock.now
    private let machine = ProcFile.machineTimes()
    private let own: [String: Double]
    private let all: Double

    /// - Parameter processes: the project's, and the servers'. This one and its children are counted, too.
    init(_ processes: [(name: String, pid: Int32)]) {
        self.processes = processes
        own = Self.seconds(processes)
        all = Self.sum(processes)
    }

    /// CPU seconds of each process since.
    func seconds() -> [(name: String, seconds: Double)] {
        let now = Self.seconds(processes)
        return processes.map { ($0.name, (now[$0.name] ?? 0) - (own[$0.name] ?? 0)) }
    }

    /// What others have had of the machine since.
    ///
    /// - Parameter processes: ours now; who has ended meanwhile counts with this process's children.
    func disturbance(_ processes: [(name: String, pid: Int32)]) -> Disturbance {
        let elapsed = max((ContinuousClock.now - start) / .seconds(1), 0.001)
        let capacity = elapsed * Double(ProcessInfo.processInfo.activeProcessorCount)
        let now = ProcFile.machineTimes()
        let others = now.busy - machine.busy - (Self.sum(processes) - all)
        return Disturbance(
            othersShare: max(0, others / capacity), stolenShare: max(0, (now.stolen - machine.stolen) / capacity))
    }

    private static func seconds(_ processes: [(name: String, pid: Int32)]) -> [String: Double] {
        Dictionary(processes.map { ($0.name, ProcFile.times(of: $0.pid)?.own ?? 0) }) { first, _ in first }
    }

    private static func sum(_ processes: [(name: String, pid: Int32)]) -> Double {
        let mine = ProcFile.times(of: getpid())
        return processes.reduce((mine?.own ?? 0) + (mine?.ofEndedChildren ?? 0)) {
            $0 + (ProcFile.times(of: $1.pid)?.own ?? 0)
        }
    }
}

/// How far a measurement was not alone on the machine.
struct Disturbance: Encodable, Sendable {
    /// The part of all CPU time that other processes had.
    let othersShare: Double
    /// The part that the host gave to other machines.
    let stolenShare: Double
    /// How much longer than usual a fixed piece of work took just before, as a factor.
    var slowness = 1.0

    /// Why not to trust what was measured; `nil` if nothing is known against it.
    var reason: String? {
        func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
        if othersShare > 0.1 { return "others had \(percent(othersShare)) of the CPU" }
        if stolenShare > 0.1 { return "the host took \(percent(stolenShare)) of the CPU" }
        if slowness > 1.2 { return "the machine was \(percent(slowness - 1)) slower than usual" }
        return nil
    }
}
