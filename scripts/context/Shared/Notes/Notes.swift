// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

/// The names under which notes are known outside. They are stored and sent: they never change.
public enum Notes {
    /// The category of their streams: `note-<uuid>`.
    public static let streamCategory = "note"

    /// The stream of one note.
    public static func stream(of id: UUIDv7) -> StreamID { StreamID(category: streamCategory, id: id) }
}
