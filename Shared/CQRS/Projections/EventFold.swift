// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Folds one stream's events over a document, up to one that cannot be applied.
struct EventFold<P: Projection> {
    /// What the events so far make of it.
    private(set) var document: P.Document?
    /// The event that nothing can follow, and why.
    private(set) var stop: (version: Int64, error: MalformedEvent)?

    init(_ document: P.Document?) { self.document = document }

    /// The version reached; 0 without a document.
    var version: Int64 { document?.version ?? 0 }

    /// Whether an event could not be applied.
    var isStopped: Bool { stop != nil }

    /// Takes the next event.
    mutating func add(_ recorded: RecordedEvent) {
        guard stop == nil else { return }
        do throws(MalformedEvent) {
            document = try P.evolve(document, try P.Event.decode(recorded), recorded)
        } catch {
            stop = (recorded.version, error)
        }
    }
}
