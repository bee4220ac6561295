// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

/// What can happen to a note.
public enum NoteEvent: Sendable, Equatable {
    /// It was begun.
    case created(id: UUIDv7, text: String)
    /// It says something else now.
    case changed(id: UUIDv7, text: String)
    /// It was removed.
    case deleted(id: UUIDv7)
}

extension NoteEvent: JSONEvent {
    /// What can happen, by its wire name, which is also the routing key.
    public enum Kind: String, EventKind {
        /// It was begun.
        case created = "notes.created"
        /// It says something else now.
        case changed = "notes.changed"
        /// It was removed.
        case deleted = "notes.deleted"
    }

    /// What happened.
    public var kind: Kind {
        switch self {
        case .created: .created
        case .changed: .changed
        case .deleted: .deleted
        }
    }

    /// Writes `{"id","text"}`, of a deleted note `{"id"}`.
    public func writeMembers(to json: inout JSONWriter) {
        switch self {
        case .created(let id, let text), .changed(let id, let text):
            json.member("id", id.description)
            json.member("text", text)
        case .deleted(let id):
            json.member("id", id.description)
        }
    }

    /// Reads an event of today's shape.
    public static func read(_ kind: Kind, _ data: EventData) throws(MalformedEvent) -> NoteEvent {
        let id = try data.uuid("id")
        switch kind {
        case .created: return .created(id: id, text: try data.string("text"))
        case .changed: return .changed(id: id, text: try data.string("text"))
        case .deleted: return .deleted(id: id)
        }
    }
}
