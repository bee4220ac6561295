// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import Essentials

/// The rules about stock lists.
public enum ListDecider: Decider {
    /// How many lines a list can have.
    public static let lineLimit = 10_000

    /// What deciding needs to know. It does not grow with the lines.
    public enum State: Sendable, Equatable {
        /// There is no list yet.
        case absent
        /// The list exists, and has so many lines.
        case present(UUIDv7, lines: Int)
        /// The list existed once.
        case deleted
    }

    /// What may be asked for.
    public enum Command: Sendable, Equatable {
        /// Begins a list.
        case create(CreateList)
        /// Adds a line.
        case addLine(AddLine)
        /// Removes the list.
        case delete
    }

    /// Why a command may be refused.
    public enum Rejection: Error, Sendable, Equatable {
        /// The identifier belongs to a list already, or once did.
        case alreadyExists
        /// There is no such list.
        case noSuchList
        /// The list would have more than ``ListDecider/lineLimit`` lines.
        case tooManyLines
    }

    /// Nothing.
    public static let initialState = State.absent

    /// What follows from a command.
    public static func decide(_ command: Command, _ state: State) throws(Rejection) -> [ListEvent] {
        switch (command, state) {
        case (.create(let list), .absent):
            return [
                .created(
                    ListCreated(id: list.id, customer: list.customer.text, expiresOn: list.expiresOn.text))
            ]
        case (.create, .present), (.create, .deleted):
            throw .alreadyExists
        case (.addLine(let line), .present(let id, let lines)):
            guard lines < lineLimit else { throw .tooManyLines }
            return [
                .lineAdded(
                    LineAdded(id: id, lineID: line.id, product: line.product.text, quantity: line.quantity.value))
            ]
        case (.delete, .present(let id, _)):
            return [.deleted(ListDeleted(id: id))]
        case (.addLine, .absent), (.addLine, .deleted), (.delete, .absent), (.delete, .deleted):
            throw .noSuchList
        }
    }

    /// The state after an event.
    public static func evolve(_ state: State, _ event: ListEvent) -> State {
        switch (event, state) {
        case (.created(let list), _): .present(list.id, lines: 0)
        case (.lineAdded, .present(let id, let lines)): .present(id, lines: lines + 1)
        case (.lineAdded, _): state
        case (.deleted, _): .deleted
        }
    }

    /// None: a list has nothing that no other may have.
    public static func claims(of state: State) -> Set<Claim> { [] }

    /// The context claims nothing, so nothing of it can be taken; an identifier is all that two lists could share.
    public static func rejection(taken claim: Claim) -> Rejection { .alreadyExists }
}
