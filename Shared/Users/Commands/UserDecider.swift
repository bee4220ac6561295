// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// The rules about users.
public enum UserDecider: Decider {
    /// What deciding needs to know.
    public enum State: Sendable, Equatable {
        /// Nobody has registered yet.
        case absent
        /// The user exists.
        case registered(RegisteredUser)
        /// The user existed once.
        case deleted
    }

    /// What may be asked for.
    public enum Command: Sendable, Equatable {
        /// Registers a user.
        case create(CreateUser)
        /// Changes a user's name, address or both.
        case update(UpdateUser)
        /// Removes a user; the address is free afterwards.
        case delete
    }

    /// Why a command may be refused.
    public enum Rejection: Error, Sendable, Equatable {
        /// The identifier belongs to a user already, or once did.
        case alreadyExists
        /// Another user has the address.
        case emailAlreadyTaken
        /// There is no such user.
        case noSuchUser
    }

    /// Nobody.
    public static let initialState = State.absent

    /// What follows from a command.
    public static func decide(_ command: Command, _ state: State) throws(Rejection) -> [UserEvent] {
        switch (command, state) {
        case (.create(let user), .absent):
            return [.created(UserCreated(id: user.id, name: user.name.text, email: user.email.text))]
        case (.create, .registered), (.create, .deleted):
            throw .alreadyExists
        case (.update(let change), .registered(let user)):
            let changed = RegisteredUser(
                id: user.id, name: change.name?.text ?? user.name, email: change.email?.text ?? user.email)
            guard changed != user else { return [] }
            return [.updated(UserUpdated(id: changed.id, name: changed.name, email: changed.email))]
        case (.delete, .registered(let user)):
            return [.deleted(UserDeleted(id: user.id))]
        case (.update, .absent), (.update, .deleted), (.delete, .absent), (.delete, .deleted):
            throw .noSuchUser
        }
    }

    /// The state after an event.
    public static func evolve(_ state: State, _ event: UserEvent) -> State {
        switch event {
        case .created(let user): .registered(RegisteredUser(id: user.id, name: user.name, email: user.email))
        case .updated(let user): .registered(RegisteredUser(id: user.id, name: user.name, email: user.email))
        case .deleted: .deleted
        }
    }

    /// A registered user has an address that nobody else may have.
    public static func claims(of state: State) -> Set<Claim> {
        switch state {
        case .registered(let user): [Users.emailClaim(EmailAddress.key(of: user.email))]
        case .absent, .deleted: []
        }
    }

    /// Addresses are all that users claim.
    public static func rejection(taken claim: Claim) -> Rejection { .emailAlreadyTaken }
}
