// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

/// The rules about notes.
public enum NoteDecider: Decider {
    /// What deciding needs to know.
    public enum State: Sendable, Equatable {
        /// There is no note yet.
        case absent
        /// The note exists.
        case present(UUIDv7, text: String)
        /// The note existed once.
        case deleted
    }

    /// What may be asked for.
    public enum Command: Sendable, Equatable {
        /// Begins a note. The edge makes the identifier, so that deciding repeats exactly.
        case create(UUIDv7, NoteText)
        /// Has it say something else.
        case change(NoteText)
        /// Removes it.
        case delete
    }

    /// Why a command may be refused.
    public enum Rejection: Error, Sendable, Equatable {
        /// The identifier belongs to a note already, or once did.
        case alreadyExists
        /// There is no such note.
        case noSuchNote
    }

    /// Nothing.
    public static let initialState = State.absent

    /// What follows from a command.
    public static func decide(_ command: Command, _ state: State) throws(Rejection) -> [NoteEvent] {
        switch (command, state) {
        case (.create(let id, let text), .absent): return [.created(id: id, text: text.text)]
        case (.create, .present), (.create, .deleted): throw .alreadyExists
        case (.change(let text), .present(let id, let present)):
            return text.text == present ? [] : [.changed(id: id, text: text.text)]
        case (.delete, .present(let id, _)): return [.deleted(id: id)]
        case (.change, .absent), (.change, .deleted), (.delete, .absent), (.delete, .deleted): throw .noSuchNote
        }
    }

    /// The state after an event.
    public static func evolve(_ state: State, _ event: NoteEvent) -> State {
        switch event {
        case .created(let id, let text), .changed(let id, let text): .present(id, text: text)
        case .deleted: .deleted
        }
    }

    /// None: a note has nothing that no other may have.
    public static func claims(of state: State) -> Set<Claim> { [] }

    /// Nothing is claimed, so nothing can be taken; an identifier is all that two notes could share.
    public static func rejection(taken claim: Claim) -> Rejection { .alreadyExists }
}
