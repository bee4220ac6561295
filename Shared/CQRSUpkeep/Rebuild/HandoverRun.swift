// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS

/// Carries out the switch from the serving generation to the one on standby; see ``Handover``.
///
/// It may be ended at any point and gone on with by another process.
struct HandoverRun<P: Projection, Model: GenerationReadModel<P.Document>> {
    let lease: GenerationLease
    let events: any EventScan
    let queues: QuietQueues
    let model: (Generation) -> Model
    let settings: RebuildSettings
    let report: (RebuildReport) async throws -> Void

    /// Goes on until the switch is done.
    ///
    /// - Throws: ``RebuildRefusal`` when it cannot be done; then nothing has changed. After any other error it is still
    ///   under way.
    func run(_ projection: P.Type) async throws {
        if lease.state.handover == .aligning {
            try await report(.switching(.aligning, to: try standby))
            do {
                try await bringUp(lease.state.serving, to: try standby)
            } catch let refusal as RebuildRefusal where refusal != .leaseLost {
                try await lease.change { $0.handover = nil }
                throw refusal
            }
            try await step(.joined)
        }
        if lease.state.handover == .joined {
            try await readersToKnow()
            try await step(.catchingUp)
        }
        if lease.state.handover == .catchingUp {
            let standby = try standby
            do {
                try await bringUp(standby, to: lease.state.serving)
            } catch let refusal as RebuildRefusal where refusal != .leaseLost {
                try await goBack()
                throw refusal
            }
            try await report(.switching(.settling, to: standby))
            try await lease.change { state in
                state.standby = state.serving
                state.serving = standby
                state.handover = .settling
            }
        }
        if lease.state.handover == .settling {
            try await readersToKnow()
            try await lease.change { $0.handover = nil }
        }
    }

    /// The way back from the point where both generations are read: the same steps in the other order.
    private func goBack() async throws {
        try await step(.joined)
        try await bringUp(lease.state.serving, to: try standby)
        try await step(.aligning)
        try await readersToKnow()
        try await lease.change { $0.handover = nil }
    }

    private var standby: Generation {
        get throws {
            guard let standby = lease.state.standby else { throw RebuildRefusal.noStandby }
            return standby
        }
    }

    private func step(_ step: Handover) async throws {
        try await report(.switching(step, to: try standby))
        try await lease.change { $0.handover = step }
    }

    /// Brings one generation up to the other, which must be paused already.
    private func bringUp(_ behind: Generation, to paused: Generation) async throws {
        try await queues.waitUntilQuiet(lease.state.queue(of: paused))
        let stuck = try await GenerationLevelling(
            P.self, events: events, behind: model(behind), ahead: model(paused)
        ).run()
        guard stuck.isEmpty else { throw RebuildRefusal.wouldFallBehind(stuck) }
    }

    private func readersToKnow() async throws { try await Task.sleep(for: settings.readerDelay) }
}
