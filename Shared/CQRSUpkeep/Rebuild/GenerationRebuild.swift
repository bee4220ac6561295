// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials
public import Tracing

/// Makes a new generation of a read model while the present one serves, and switches to it.
///
/// Every function may be interrupted at any point, by a kill as well: called again it goes on. They exclude each other,
/// in all processes.
public struct GenerationRebuild<P: Projection, Model: GenerationReadModel<P.Document>>: Sendable {
    /// What a function tells while it goes on.
    public typealias Report = (RebuildReport) async throws -> Void

    let events: any EventScan
    let registry: any GenerationRegistry
    let queues: any GenerationQueues
    let model: @Sendable (Generation) -> Model
    let settings: RebuildSettings
    let tracer: (any Tracer)?

    /// Prepares work on a read model.
    ///
    /// - Parameters:
    ///   - projection: the fold.
    ///   - events: the truth.
    ///   - registry: where it is written which generations there are.
    ///   - queues: where they are fed from.
    ///   - tracer: traces a rebuild, each in a trace of its own; `nil` traces nothing.
    ///   - model: gives a generation's documents.
    public init(
        _ projection: P.Type, events: any EventScan, registry: any GenerationRegistry, queues: any GenerationQueues,
        settings: RebuildSettings = RebuildSettings(), tracer: (any Tracer)? = nil,
        model: @escaping @Sendable (Generation) -> Model
    ) {
        self.events = events
        self.registry = registry
        self.queues = queues
        self.settings = settings
        self.tracer = tracer
        self.model = model
    }

    /// Makes a generation, fed from the first moment, compares it with the event store, and switches to it. Goes on with
    /// one that was begun, and with a switch.
    ///
    /// - Returns: what is written now.
    /// - Throws: ``RebuildRefusal``; the stores' errors; `CancellationError`.
    public func rebuild(_ report: @escaping Report) async throws -> GenerationState {
        try await tracer.inNewTrace("rebuild \(P.name)") {
            try await withLease(report) { lease, _ in
                if lease.state.handover == nil {
                    if let standby = lease.state.standby { throw RebuildRefusal.hasStandby(standby) }
                    try await build(lease, report)
                }
                try await handOver(lease, report)
            }
        }
    }

    /// Switches to the other complete generation. A switch that is under way is finished instead.
    ///
    /// - Parameter expected: the generation that is meant: another one is not switched to. `nil` means whichever it is.
    public func rollBack(
        to expected: Generation? = nil, _ report: @escaping Report
    ) async throws -> GenerationState {
        try await withLease(report) { lease, _ in
            if lease.state.handover == nil {
                if let build = lease.state.build { throw RebuildRefusal.hasBuild(build.generation) }
                guard let standby = lease.state.standby else { throw RebuildRefusal.noStandby }
                try standby.check(isMeantBy: expected)
                try await lease.change { $0.handover = .aligning }
            }
            try await handOver(lease, report)
        }
    }

    /// Removes the generation that does not serve: after this there is no way back.
    ///
    /// - Parameter expected: the generation that is meant: another one is not removed. `nil` means whichever it is.
    public func finish(
        removing expected: Generation? = nil, _ report: @escaping Report
    ) async throws -> GenerationState {
        try await withLease(report) { lease, wasInterrupted in
            if lease.state.handover != nil { throw RebuildRefusal.isSwitching }
            if let build = lease.state.build { throw RebuildRefusal.hasBuild(build.generation) }
            guard let standby = lease.state.standby else {
                if wasInterrupted { return }
                throw RebuildRefusal.noStandby
            }
            try standby.check(isMeantBy: expected)
            try await lease.change { state in
                state.retiring = standby
                state.standby = nil
            }
        }
    }

    /// Removes the generation that is being made.
    ///
    /// - Parameter expected: the generation that is meant: another one is not removed. `nil` means whichever it is.
    public func cancel(
        removing expected: Generation? = nil, _ report: @escaping Report
    ) async throws -> GenerationState {
        try await withLease(report) { lease, wasInterrupted in
            if lease.state.handover != nil { throw RebuildRefusal.isSwitching }
            guard let build = lease.state.build else {
                if wasInterrupted { return }
                throw RebuildRefusal.noBuild
            }
            try build.generation.check(isMeantBy: expected)
            try await lease.change { state in
                state.retiring = build.generation
                state.build = nil
            }
        }
    }

    /// Holds the lease, removes what an interrupted call has left to be removed, and then what the body leaves.
    ///
    /// - Parameter body: also gets whether anything was removed before it.
    func withLease(
        _ report: @escaping Report, _ body: (GenerationLease, Bool) async throws -> Void
    ) async throws -> GenerationState {
        try await GenerationLease.with(registry, P.name, silence: settings.leaseSilence) { lease in
            let wasInterrupted = lease.state.retiring != nil
            try await remove(lease, report)
            try await body(lease, wasInterrupted)
            try await remove(lease, report)
            return lease.state
        }
    }

    /// Carries out the switch that is under way, if one is.
    private func handOver(_ lease: GenerationLease, _ report: @escaping Report) async throws {
        do {
            try await HandoverRun<P, Model>(
                lease: lease, events: events,
                queues: QuietQueues(queues: queues, settings: settings), model: model,
                settings: settings, report: report
            ).run(P.self)
        } catch let refusal as RebuildRefusal where lease.state.handover == nil {
            // The newest generation, when it cannot serve, is one that is being made.
            if let standby = lease.state.standby, standby == lease.state.last {
                try await lease.change { state in
                    var build = GenerationBuild(standby)
                    build.isBound = true
                    build.isFilled = true
                    state.build = build
                    state.standby = nil
                }
            }
            throw refusal
        }
    }
}

extension Generation {
    /// What somebody saw when they decided may have been replaced since.
    fileprivate func check(isMeantBy expected: Generation?) throws(RebuildRefusal) {
        if let expected, expected != self { throw .isAnother(self, expected: expected) }
    }
}
