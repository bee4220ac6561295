// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS

/// A careful look at one stream: its document first, then its events, so that the document cannot be ahead of them
/// because of the order of looking.
struct StreamCheck<P: Projection, Model: AuditableReadModel<P.Document>>: Sendable {
    /// What the look says.
    enum Outcome: Sendable {
        case right
        /// Different in a way that time may mend.
        case late(ReadModelDifference)
        case different(ReadModelDifference)
    }

    let events: any EventScan
    let model: Model
    private let pageSize = 1000

    init(events: any EventScan, model: Model) {
        self.events = events
        self.model = model
    }

    /// - Parameter version: at which version, or a later one, a document that is right may be behind: it has come up to all
    ///   that there was when somebody first looked. One that is always written to would never be found level with its events.
    func look(at stream: StreamID, atLeast version: Int64 = .max) async throws -> Outcome {
        guard let difference = try await audit(stream).difference else { return .right }
        switch difference.kind {
        case .behind where difference.stored >= version: return .right
        case .different, .stopped, .extra: return .different(difference)
        // Entries are read after the document: a deletion in between has removed them.
        case .missing, .behind, .ahead, .entry: return .late(difference)
        }
    }

    /// Writes what the events say, unless somebody else writes at the same time.
    ///
    /// - Returns: whether the document is what all the events say now. What an event that cannot be applied has stopped
    ///   only a mended program can help.
    func repair(_ difference: ReadModelDifference) async throws -> Bool {
        if case .stopped = difference.kind { return false }
        for _ in 0..<5 {
            let audit = try await audit(difference.stream)
            if case .stopped? = audit.difference?.kind { return false }
            guard audit.difference != nil else { return true }
            if let expected = audit.expected {
                let change = ReadModelChange(
                    stream: difference.stream, baseVersion: audit.stored?.version ?? 0, document: expected,
                    entries: audit.entries, isWhole: true)
                _ = try await model.write([change])
            } else if let stored = audit.stored {
                _ = try await model.remove(difference.stream, at: stored.version)
            }
        }
        return try await audit(difference.stream).difference == nil
    }

    private func audit(_ stream: StreamID) async throws -> StreamAudit<P> {
        var audit = StreamAudit<P>(stream, stored: try await model.load([stream])[stream])
        while true {
            let page = try await events.read(stream, after: audit.lastVersion, limit: pageSize)
            let entries = try await model.entries(beside: page)
            for event in page { audit.add(event, entries[event.position]) }
            if page.count < pageSize { return audit }
        }
    }
}
