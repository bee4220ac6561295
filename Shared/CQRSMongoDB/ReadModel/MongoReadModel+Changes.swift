// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import MongoDB

extension MongoReadModel: ReadModelChanges {
    /// Tells an observer of all changes from now on, from the collection's change stream.
    ///
    /// It resumes by itself after network errors and failovers. It ends when the server's history no longer reaches back
    /// to where it stopped, when the collection is gone, and at a document that cannot be read.
    ///
    /// - Throws: ``MongoError``, ``MongoError/Code/cancelled`` included; a `DecodingError`.
    public func follow(_ observer: some ReadModelObserver<Document>) async throws {
        let catchUp = StreamCatchUp()
        let stream = try collection.watch(
            options: MongoChangeStreamOptions(includesFullDocument: true), onStatus: { catchUp.note($0) })
        defer { stream.close() }
        try await stream.waitUntilOpen()
        observer.opened {
            switch stream.status {
            case .open: .following
            case .catchingUp: catchUp.isReached ? .following : .broken
            case .opening, .interrupted, .ended: .broken
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await round in catchUp.rounds { try await aim(catchUp, in: round) } }
            defer { group.cancelAll() }
            for try await event in stream {
                try tell(event, to: observer)
                catchUp.told(event.clusterTime)
            }
        }
    }

    /// Asks for the server's time until it answers, or the stream is interrupted again.
    private func aim(_ catchUp: StreamCatchUp, in round: Int) async throws {
        while catchUp.isPresent(round) {
            if let time = try? await collection.serverTime() {
                catchUp.aim(at: time, in: round)
                return
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func tell(_ event: MongoChangeEvent, to observer: some ReadModelObserver<Document>) throws {
        switch event.kind {
        case .insert, .replace, .update, .delete:
            guard let stream = event.documentID?.stringValue.flatMap({ StreamID($0) }) else { return }
            // What was updated and is gone by now will be told to be deleted.
            let document = try event.fullDocument.map { try BSONDecoder().decode(Document.self, from: $0) }
            observer.changed(DocumentChange(stream: stream, document: document))
        case .drop, .rename, .dropDatabase, .invalidate:
            throw MongoError(.namespaceMissing, "the read model was dropped")
        case .other:
            // Say an index: no document has changed.
            return
        }
    }
}
