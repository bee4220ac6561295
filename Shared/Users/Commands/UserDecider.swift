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
        case registered
    }

    /// What may be asked for.
    public enum Command: Sendable, Equatable {
        /// Registers a user.
        case create(CreateUser)
    }

    /// Why a command may be refused.
    public enum Rejection: Error, Sendable, Equatable {
        /// The identifier belongs to a user already.
        case alreadyExists
    }

    /// Nobody.
    public static let initialState = State.absent

    /// The events that follow from a command.
    public static func decide(_ command: Command, _ state: State) throws(Rejection) -> [UserEvent] {
        switch (command, state) {
        case (.create(let user), .absent):
            [.created(UserCreated(id: user.id, name: user.name.text, email: user.email.text))]
        case (.create, .registered):
            throw .alreadyExists
        }
    }

    /// The state after an event.
    public static func evolve(_ state: State, _ event: UserEvent) -> State {
        switch event {
        case .created: .registered
        }
    }
}
