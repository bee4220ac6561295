// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// The read model of notes.
public enum NoteProjection: Projection {
    /// `notes`.
    public static let name = "notes"
    /// `note`.
    public static let category = Notes.streamCategory
    /// All that can happen to notes.
    public static let eventPatterns = ["notes.*"]
    /// By text.
    public static let lists = [NoteDocument.byText]

    /// The document after an event.
    public static func evolve(
        _ document: NoteDocument?, _ event: NoteEvent, _ recorded: RecordedEvent
    ) throws(MalformedEvent) -> NoteDocument {
        if case .created(let id, let text) = event {
            try recorded.check(isIn: Notes.stream(of: id))
            try document.checkAbsent()
            return NoteDocument(id: id, text: text, recorded)
        }
        var note = try document.existing()
        switch event {
        case .created: break
        case .changed(_, let text): note.text = text
        case .deleted: note.text = nil
        }
        note.version = recorded.version
        note.updatedAt = recorded.recordedAt
        return note
    }
}
