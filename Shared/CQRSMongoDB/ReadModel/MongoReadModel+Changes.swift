// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
public import CQRSServing
internal import Essentials
internal import MongoDB

extension MongoReadModel: ReadModelChanges {
    /// Tells an observer of all changes after a position, from the collection's change stream.
    ///
    /// It resumes by itself after network errors and failovers. It ends when the server's history no longer reaches back
    /// to where it stopped, when the collection is gone, and at a document that the observer needs and that cannot be
    /// read.
    ///
    /// - Throws: ``LostFeedPosition``; ``MongoError``, ``MongoError/Code/cancelled`` included; a `DecodingError`.
    public func follow(_ observer: some ReadModelObserver<Document>, after position: FeedPosition?) async throws {
        let watermark = ChangeStreamWatermark()
        var options = MongoChangeStreamOptions(includesFullDocument: true)
        if let position { options.start = .after(position.resumeToken) }
        let stream = try collection.watch(options: options, onStatus: { watermark.note($0) })
        defer { stream.close() }
        try await open(position) { try await stream.waitUntilOpen() }
        guard let start = stream.position else { throw MongoError(.protocolViolation, "a stream without a token") }
        observer.opened(
            OpenFeed(
                status: {
                    switch stream.status {
                    case .open: .following
                    case .catchingUp: watermark.isPassed ? .following : .broken
                    case .opening, .interrupted, .ended: .broken
                    }
                }, position: { stream.position ?? start }))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await round in watermark.rounds { try await set(watermark, in: round) } }
            defer { group.cancelAll() }
            for try await event in stream {
                if let change = try change(event), let position = FeedPosition(resumeToken: event.resumeToken) {
                    observer.changed(change, at: position)
                }
                watermark.told(event.clusterTime)
            }
        }
    }

    /// The changes after a position that have happened by now, from a change stream that ends with them.
    ///
    /// - Throws: ``LostFeedPosition``; ``MongoError``; a `DecodingError`.
    public func changes(after position: FeedPosition, limit: Int) async throws -> ChangePage<Document> {
        var options = MongoChangeStreamOptions(start: .after(position.resumeToken), includesFullDocument: true)
        options.maxAwaitTime = .milliseconds(50)
        options.bufferLimit = limit
        options.endsWhenDrained = true
        let stream = try collection.watch(options: options)
        defer { stream.close() }
        return try await open(position) {
            try await stream.waitUntilOpen(timeout: .seconds(30))
            var changes: [(DocumentChange<Document>, FeedPosition)] = []
            for try await event in stream {
                guard let change = try change(event), let position = FeedPosition(resumeToken: event.resumeToken)
                else { continue }
                changes.append((change, position))
                if changes.count == limit { return ChangePage(changes: changes, end: position) }
            }
            try Task.checkCancellation()
            return ChangePage(changes: changes, end: stream.position ?? position)
        }
    }

    /// Does what opens a stream at a position: what the server refuses for good it refuses because of that.
    private func open<Value>(_ position: FeedPosition?, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as MongoError where position != nil && !error.category.isPassing {
            throw LostFeedPosition()
        }
    }

    /// Asks for the server's time until it answers, or the stream is interrupted again.
    private func set(_ watermark: ChangeStreamWatermark, in round: Int) async throws {
        while watermark.isPresent(round) {
            if let time = try? await collection.serverTime() { return watermark.set(time, in: round) }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func change(_ event: MongoChangeEvent) throws -> DocumentChange<Document>? {
        switch event.kind {
        case .insert, .replace, .update, .delete:
            guard let stream = event.documentID?.stringValue.flatMap({ StreamID($0) }) else { return nil }
            // What was updated and is gone by now will be told to be deleted.
            let document = try event.fullDocument.map { try BSONDecoder().decode(Document.self, from: $0) }
            return DocumentChange(stream: stream, document: document)
        case .drop, .rename, .dropDatabase, .invalidate:
            throw MongoError(.namespaceMissing, "the read model was dropped")
        case .other:
            // Say an index: no document has changed.
            return nil
        }
    }
}

extension MongoChangeStream {
    fileprivate var position: FeedPosition? { resumeToken.flatMap(FeedPosition.init(resumeToken:)) }
}

extension FeedPosition {
    /// A token is a document with one field, in hexadecimal digits whose order is that of the changes ("Resume Tokens" in
    /// MongoDB's manual on change streams).
    private static let field = "_data"

    fileprivate init?(resumeToken: BSONDocument) {
        guard let place = resumeToken[Self.field]?.stringValue else { return nil }
        self.init(place: place)
    }

    fileprivate var resumeToken: BSONDocument { [Self.field: .string(place)] }
}
