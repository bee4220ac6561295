// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Foundation
import Notes
import Testing

@Suite("A note")
struct NoteTests {
    private let id = UUIDv7(at: .now())

    private func state(after events: NoteEvent...) -> NoteDecider.State {
        events.reduce(NoteDecider.initialState, NoteDecider.evolve)
    }

    private func document(after events: NoteEvent...) throws -> NoteDocument? {
        var document: NoteDocument?
        for (index, event) in events.enumerated() {
            document = try NoteProjection.evolve(
                document, event,
                RecordedEvent(
                    id: UUIDv7(at: .now()), stream: Notes.stream(of: id), version: Int64(index) + 1, type: event.type,
                    schema: event.schema, recordedAt: .now(), data: event.encoded(),
                    metadata: EventMetadata(correlationID: "test")))
        }
        return document
    }

    @Test("is begun, says something else, and is deleted, once")
    func life() throws {
        let created = NoteEvent.created(id: id, text: "Milk")
        #expect(try NoteDecider.decide(.create(id, NoteText("Milk")), state()) == [created])
        let changed = NoteEvent.changed(id: id, text: "Bread")
        #expect(try NoteDecider.decide(.change(NoteText("Bread")), state(after: created)) == [changed])
        #expect(try NoteDecider.decide(.change(NoteText("Milk")), state(after: created)) == [])
        let deleted = NoteEvent.deleted(id: id)
        #expect(try NoteDecider.decide(.delete, state(after: created)) == [deleted])
        #expect(throws: NoteDecider.Rejection.noSuchNote) {
            try NoteDecider.decide(.delete, state(after: created, deleted))
        }
    }

    @Test("has events that are read as they were written")
    func events() throws {
        for event in [NoteEvent.created(id: id, text: "Milk"), .changed(id: id, text: "é"), .deleted(id: id)] {
            let recorded = RecordedEvent(
                id: id, stream: Notes.stream(of: id), version: 1, type: event.type, schema: event.schema,
                recordedAt: .now(), data: event.encoded(), metadata: EventMetadata(correlationID: "test"))
            #expect(try NoteEvent.decode(recorded) == event)
        }
    }

    /// What was stored once has to be read for ever: a new shape of an event gets a new sample beside the old ones.
    @Test("has events that are read as they were stored", arguments: NoteEvent.Kind.allCases)
    func samples(kind: NoteEvent.Kind) throws {
        for schema in 1...kind.schema {
            let file = try #require(
                Bundle.module.url(
                    forResource: "\(kind.rawValue).\(schema)", withExtension: "json", subdirectory: "Samples"))
            let stored = RecordedEvent(
                id: id, stream: Notes.stream(of: id), version: 1, type: kind.rawValue, schema: schema,
                recordedAt: .now(), data: Array(try Data(contentsOf: file)),
                metadata: EventMetadata(correlationID: "test"))
            #expect(try NoteEvent.decode(stored).kind == kind)
        }
    }

    @Test("is shown as its events say, and leaves nothing of its text")
    func readModel() throws {
        let document = try document(after: .created(id: id, text: "Milk"), .changed(id: id, text: "Bread"))
        #expect(document?.text == "Bread")
        #expect(document?.version == 2)
        let gone = try self.document(after: .created(id: id, text: "Milk"), .deleted(id: id))
        #expect(gone?.isDeleted == true)
        #expect(gone?.textKey == nil)
    }
}
