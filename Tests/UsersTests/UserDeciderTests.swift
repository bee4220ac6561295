// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Testing
import Users

@Suite("Deciding on users")
struct UserDeciderTests {
    let id = UUIDv7(at: .now())

    private func registration() throws -> UserDecider.Command {
        .create(CreateUser(id: id, name: try UserName("Ada"), email: try EmailAddress("Ada@Computing.org")))
    }

    private func state(after events: [UserEvent]) -> UserDecider.State {
        events.reduce(UserDecider.initialState, UserDecider.evolve)
    }

    @Test("given nothing, when somebody registers, then a user is created")
    func create() throws {
        #expect(
            try UserDecider.decide(registration(), state(after: [])) == [
                .created(UserCreated(id: id, name: "Ada", email: "Ada@Computing.org"))
            ])
    }

    @Test("given a user, when the same registers again, then it is refused")
    func createTwice() throws {
        let state = state(after: [.created(UserCreated(id: id, name: "Ada", email: "Ada@Computing.org"))])
        #expect(throws: UserDecider.Rejection.alreadyExists) { try UserDecider.decide(registration(), state) }
    }
}
