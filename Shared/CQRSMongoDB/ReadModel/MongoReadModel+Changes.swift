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
        let stream = try collection.watch(options: MongoChangeStreamOptions(includesFullDocument: true))
        defer { stream.close() }
        try await stream.waitUntilOpen()
        observer.opened { stream.status == .open ? .following : .broken }
        for try await event in stream {
            switch event.kind {
            case .insert, .replace, .update, .delete:
                guard let stream = event.documentID?.stringValue.flatMap({ StreamID($0) }) else { continue }
                // What was updated and is gone by now will be told to be deleted.
                let document = try event.fullDocument.map { try BSONDecoder().decode(Document.self, from: $0) }
                observer.changed(DocumentChange(stream: stream, document: document))
            case .drop, .rename, .dropDatabase, .invalidate:
                throw MongoError(.namespaceMissing, "the read model was dropped")
            case .other:
                // Say an index: no document has changed.
                continue
            }
        }
    }
}
