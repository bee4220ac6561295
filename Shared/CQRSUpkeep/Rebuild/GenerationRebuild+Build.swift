// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials

extension GenerationRebuild {
    /// Fills a new generation and compares it, then puts it on standby with the switch to it begun.
    func build(_ lease: GenerationLease, _ report: @escaping Report) async throws {
        if lease.state.build == nil {
            try await lease.change { state in
                state.last = state.last.next
                state.build = GenerationBuild(state.last)
            }
        }
        guard let begun = lease.state.build else { return }
        let total = try await repeatingPassing { try await events.count(P.category) }
        try await report(.building(begun.generation, after: begun.progress, total: total))
        // From here on every event comes to its queue. So what is in the event store before the fill has read it need
        // not come, and what comes later does.
        try await repeatingPassing { try await queues.declare(lease.state.queue(of: begun.generation)) }
        try await repeatingPassing { try await model(begun.generation).prepare() }
        // Only now it is fed: to a consumer that found no queue it would look as if events were lost.
        try await lease.change { $0.build?.isBound = true }
        guard let build = lease.state.build else { return }
        if !build.isFilled { try await fill(build, total, lease, report) }
        try await compare(build.generation, total, lease, report)
        try await lease.change { state in
            state.standby = build.generation
            state.build = nil
            state.handover = .aligning
        }
    }

    private func fill(
        _ build: GenerationBuild, _ total: Int, _ lease: GenerationLease, _ report: @escaping Report
    ) async throws {
        let fill = GenerationFill(
            P.self, events: events, model: model(build.generation), parallel: settings.parallel, tracer: tracer)
        let before = build.progress
        var reached = build
        try await fill.run(after: build.filledThrough.flatMap { StreamID($0) }) { done in
            try await report(.filling(before + done, total: total))
        } onPrefix: { stream, done in
            reached.progress = before + done
            reached.filledThrough = stream?.name
            reached.isFilled = stream == nil
            let noted = reached
            try await lease.change { $0.build = noted }
        }
        try await report(.filled(reached.progress))
    }

    /// Compares the new generation with the event store, and mends what differs.
    ///
    /// - Throws: ``RebuildRefusal/differences(_:)``.
    private func compare(
        _ generation: Generation, _ total: Int, _ lease: GenerationLease, _ report: @escaping Report
    ) async throws {
        let (new, serving) = (model(generation), model(lease.state.serving))
        let check = StreamCheck<P, Model>(events: events, model: new)
        var blocking = 0
        let audit = ReadModelAudit(
            P.self, events: events, model: new, patience: settings.patience,
            parallel: settings.parallel)
        _ = try await audit.run(repairs: true) { progress in
            try await report(.comparing(progress, total: total))
        } onDifference: { difference, isMended in
            let blocks = isMended ? false : try await Self.blocks(difference.stream, check, serving)
            if blocks { blocking += 1 }
            try await report(.difference(difference, isMended: isMended, blocks: blocks))
        } onSumDifference: { difference, _ in
            try await report(.sumDifference(difference))
        }
        guard blocking == 0 else { throw RebuildRefusal.differences(blocking) }
    }

    /// Whether a document that could not be mended must not serve: an event that cannot be applied stops a document in
    /// every generation, and does no new harm unless the serving one is further.
    private static func blocks(
        _ stream: StreamID, _ check: StreamCheck<P, Model>, _ serving: Model
    ) async throws -> Bool {
        switch try await check.look(at: stream) {
        case .right: return false
        case .different(let difference) where difference.isStop:
            return try await serving.load([stream])[stream]?.version ?? 0 > difference.stored
        case .late, .different: return true
        }
    }
}

extension GenerationBuild {
    fileprivate var progress: FillProgress {
        get {
            var progress = FillProgress()
            progress.commits = commits ?? events
            (progress.events, progress.documents, progress.stopped) = (events, documents, stopped)
            return progress
        }
        set {
            commits = newValue.commits
            (events, documents, stopped) = (newValue.events, newValue.documents, newValue.stopped)
        }
    }
}

extension ReadModelDifference {
    fileprivate var isStop: Bool { if case .stopped = kind { true } else { false } }
}
