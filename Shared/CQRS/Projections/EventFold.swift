// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Folds one stream's events over a document, up to one that cannot be applied.
package struct EventFold<P: Projection> {
    /// What the events so far make of it.
    package private(set) var document: P.Document?
    /// What they add beside it, in their order.
    package private(set) var entries: [P.Document.Entry] = []
    /// The event that nothing can follow, and why.
    package private(set) var stop: (version: Int64, error: MalformedEvent)?

    package init(_ document: P.Document?) { self.document = document }

    /// The version reached; 0 without a document.
    package var version: Int64 { document?.version ?? 0 }

    /// Whether an event could not be applied.
    package var isStopped: Bool { stop != nil }

    /// Takes the next event.
    package mutating func add(_ recorded: RecordedEvent) {
        guard stop == nil else { return }
        do throws(MalformedEvent) {
            let event = try P.Event.decode(recorded)
            document = try P.evolve(document, event, recorded)
            if P.Document.hasEntries, let entry = P.entry(event, recorded) { entries.append(entry) }
        } catch {
            stop = (recorded.version, error)
        }
    }

    /// Gives the entries away that there are so far.
    package mutating func takeEntries() -> [P.Document.Entry] {
        defer { entries = [] }
        return entries
    }
}
