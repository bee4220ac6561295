// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS

/// Brings single documents up to their events, beside projectors that do the same.
struct StreamBuilder<P: Projection, Model: GenerationReadModel<P.Document>>: Sendable {
    let events: any EventHistory
    let model: Model
    private let pageSize = 1000

    init(_ projection: P.Type, events: any EventHistory, model: Model) {
        self.events = events
        self.model = model
    }

    /// Applies all events that the document does not reflect, as far as they can be applied.
    ///
    /// - Returns: the version that the document is at, at least, and whether an event keeps it there.
    func bringUp(_ stream: StreamID) async throws -> (version: Int64, isStopped: Bool) {
        while true {
            let stored = try await model.load([stream])[stream]
            var fold = EventFold<P>(stored)
            while !fold.isStopped {
                let page = try await events.read(stream, after: fold.version, limit: pageSize)
                for event in page { fold.add(event) }
                if page.count < pageSize { break }
            }
            guard let document = fold.document, document.version > stored?.version ?? 0 else {
                return (fold.version, fold.isStopped)
            }
            let change = ReadModelChange(
                stream: stream, baseVersion: stored?.version ?? 0, document: document, entries: fold.entries)
            if try await model.write([change]).isEmpty { return (fold.version, fold.isStopped) }
        }
    }

    /// Stores new documents, and over what is there already, unless that is as new.
    ///
    /// - Parameter documents: as changes of nothing.
    func store(_ documents: [ReadModelChange<P.Document>]) async throws {
        var changes = documents
        while !changes.isEmpty {
            let lost = try await model.write(changes)
            guard !lost.isEmpty else { return }
            let stored = try await model.load(lost)
            changes = changes.compactMap { change in
                guard lost.contains(change.stream) else { return nil }
                let present = stored[change.stream]?.version ?? 0
                guard present < change.document.version else { return nil }
                return ReadModelChange(
                    stream: change.stream, baseVersion: present, document: change.document, entries: change.entries)
            }
        }
    }
}
