// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Testing
import Users

private let registered = UserEvent.created(UserCreated(id: sampleID, name: "Ada", email: "Ada@Computing.org"))
private let removed = UserEvent.deleted(UserDeleted(id: sampleID))

/// What follows when a command meets the state after some events.
private func decide(given past: [UserEvent], when command: UserDecider.Command) throws -> [UserEvent] {
    try UserDecider.decide(command, state(after: past))
}

private func state(after events: [UserEvent]) -> UserDecider.State {
    events.reduce(UserDecider.initialState, UserDecider.evolve)
}

private func create(email: String = "Ada@Computing.org") throws -> UserDecider.Command {
    .create(CreateUser(id: sampleID, name: try UserName("Ada"), email: try EmailAddress(email)))
}

private func update(name: String? = nil, email: String? = nil) throws -> UserDecider.Command {
    .update(UpdateUser(name: try name.map { try UserName($0) }, email: try email.map { try EmailAddress($0) }))
}

private func updated(name: String = "Ada", email: String = "Ada@Computing.org") -> UserEvent {
    .updated(UserUpdated(id: sampleID, name: name, email: email))
}

@Suite("Deciding on users")
struct UserDeciderTests {
    // MARK: Registering

    @Test("given nobody, when somebody registers, then a user is created with the address as written")
    func register() throws {
        #expect(try decide(given: [], when: create()) == [registered])
    }

    @Test("given a user, present or past, when the same registers again, then it is refused")
    func createTwice() throws {
        for past in [[registered], [registered, removed], [registered, updated(name: "A")]] {
            #expect(throws: UserDecider.Rejection.alreadyExists) { try decide(given: past, when: create()) }
        }
    }

    // MARK: Changing

    @Test("given a user, when name or address change, then the event says all that holds afterwards")
    func change() throws {
        #expect(try decide(given: [registered], when: update(name: "Ada King")) == [updated(name: "Ada King")])
        #expect(try decide(given: [registered], when: update(email: "ada@b.org")) == [updated(email: "ada@b.org")])
        #expect(
            try decide(given: [registered], when: update(name: "Ada King", email: "ada@b.org"))
                == [updated(name: "Ada King", email: "ada@b.org")])
        #expect(
            try decide(given: [registered, updated(email: "ada@b.org")], when: update(name: "Ada King"))
                == [updated(name: "Ada King", email: "ada@b.org")])
    }

    @Test("given a user, when nothing would change, then nothing happens")
    func unchanged() throws {
        #expect(try decide(given: [registered], when: update()) == [])
        #expect(try decide(given: [registered], when: update(name: "Ada")) == [])
        #expect(try decide(given: [registered], when: update(name: "  Ada ", email: "Ada@Computing.org")) == [])
        #expect(
            try decide(given: [registered, updated(name: "Ada King")], when: update(name: "Ada King")) == [])
    }

    @Test("given a user, when only the address's spelling changes, then that is a change without another claim")
    func spelling() throws {
        let event = try #require(try decide(given: [registered], when: update(email: "ada@computing.org")).first)
        #expect(event == updated(email: "ada@computing.org"))
        #expect(
            UserDecider.claims(of: state(after: [registered, event]))
                == UserDecider.claims(of: state(after: [registered])))
    }

    @Test("given nobody or a deleted user, when a change is wanted, then it is refused")
    func updateNobody() throws {
        for past in [[], [registered, removed]] {
            #expect(throws: UserDecider.Rejection.noSuchUser) { try decide(given: past, when: update(name: "A")) }
        }
    }

    // MARK: Deleting

    @Test("given a user, when deleted, then the event names the user and nothing personal")
    func delete() throws {
        #expect(try decide(given: [registered, updated(name: "Ada King")], when: .delete) == [removed])
    }

    @Test("given nobody or a deleted user, when deleted, then it is refused")
    func deleteNobody() throws {
        for past in [[], [registered, removed]] {
            #expect(throws: UserDecider.Rejection.noSuchUser) { try decide(given: past, when: .delete) }
        }
    }

    // MARK: Claims

    @Test("a user has the present address, however it is spelled, and nobody else has any")
    func claims() {
        #expect(UserDecider.claims(of: state(after: [])) == [])
        #expect(UserDecider.claims(of: state(after: [registered])) == [Claim("email", "ada@computing.org")])
        #expect(
            UserDecider.claims(of: state(after: [registered, updated(email: "Ada@B.org")]))
                == [Claim("email", "ada@b.org")])
        #expect(UserDecider.claims(of: state(after: [registered, removed])) == [])
    }

    @Test("a claim that somebody else holds means that the address is taken")
    func taken() {
        #expect(UserDecider.rejection(taken: Users.emailClaim("ada@computing.org")) == .emailAlreadyTaken)
    }
}
