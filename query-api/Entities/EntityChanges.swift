// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import Essentials
import ServiceKit

/// What a client that follows changes is sent.
struct EntityChanges<Document: ReadModelDocument>: AsyncSequence, Sendable {
    let reading: ChangeReading<Document, ServerSentEvent>

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(start: reading.start, steps: reading.makeAsyncIterator())
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        /// Until it has been sent.
        var start: FeedPosition?
        var steps: ChangeReading<Document, ServerSentEvent>.AsyncIterator

        mutating func next() async -> [ServerSentEvent]? {
            if let start {
                self.start = nil
                return [.opening(id: start.description, retry: .seconds(1))]
            }
            switch await steps.next() {
            case .lines(let events): return events
            case .nothing(let position): return [.heartbeat(id: position.description)]
            case .lost(let position): return [.reset(at: position)]
            case nil: return nil
            }
        }
    }
}

extension ServerSentEvent {
    /// `changed` with the entity as the read model has it now, or `deleted` with what is left.
    ///
    /// - Parameter item: writes an entity; `nil` for a document that is not shown.
    init<Document>(
        _ change: DocumentChange<Document>, at position: FeedPosition,
        _ item: (Document) -> ((inout JSONWriter) -> Void)?
    ) {
        var json = JSONWriter()
        if let write = change.document.flatMap(item) {
            write(&json)
            self.init("changed", id: position.description, data: json.bytes)
        } else {
            json.beginObject()
            json.member("id", String(change.stream.entity))
            if let version = change.document?.version { json.member("version", version) }
            json.endObject()
            self.init("deleted", id: position.description, data: json.bytes)
        }
    }

    /// `reset`: changes may be missing before this.
    static func reset(at position: FeedPosition) -> ServerSentEvent {
        ServerSentEvent("reset", id: position.description, data: Array(#"{"reason":"changes-lost"}"#.utf8))
    }
}
