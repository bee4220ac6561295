// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

/// The read model's document of one note. A deleted note leaves one without content.
public struct NoteDocument: TombstoneDocument {
    /// The note.
    public let id: String
    /// The version of the last event reflected.
    public internal(set) var version: Int64
    /// When the note was begun.
    public let createdAt: Timestamp
    /// When the last event was recorded.
    public internal(set) var updatedAt: Timestamp
    /// What it says; `nil` once deleted.
    public internal(set) var text: String? { didSet { textKey = text.map(NoteText.key(of:)) } }
    /// What it is sorted and searched by; `nil` once deleted.
    public private(set) var textKey: String?

    init(id: UUIDv7, text: String, _ recorded: RecordedEvent) {
        self.id = id.description
        version = recorded.version
        createdAt = recorded.recordedAt
        updatedAt = recorded.recordedAt
        self.text = text
        textKey = NoteText.key(of: text)
    }

    /// Whether the note has been deleted.
    public var isDeleted: Bool { text == nil }

    /// How notes are listed: by their texts, without regard to case.
    public static let byText = ReadModelField<NoteDocument>("textKey") { $0.textKey }
}
