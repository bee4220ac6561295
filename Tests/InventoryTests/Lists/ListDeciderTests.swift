// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Inventory
import Testing

private let (created, deleted) = (ListScenario.created, ListScenario.deleted)

private func decide(given past: [ListEvent], when command: ListDecider.Command) throws -> [ListEvent] {
    try ListDecider.decide(command, past.reduce(ListDecider.initialState, ListDecider.evolve))
}

private func create() throws -> ListDecider.Command {
    .create(CreateList(id: sampleID, customer: try Customer(" Ada "), expiresOn: try ExpiryDate("2027-01-31")))
}

private func add(_ number: Int, _ quantity: Int = 1) throws -> ListDecider.Command {
    .addLine(AddLine(id: uuid(number), product: try Product("Lamp "), quantity: try Quantity(quantity)))
}

@Suite("Deciding on lists")
struct ListDeciderTests {
    @Test("given nothing, when a list is created, then it says whose it is and when it expires")
    func creation() throws {
        #expect(try decide(given: [], when: create()) == [created])
    }

    @Test("given a list, present or past, when the same is created again, then it is refused")
    func createTwice() throws {
        for past in [[created], [created, deleted]] {
            #expect(throws: ListDecider.Rejection.alreadyExists) { try decide(given: past, when: create()) }
        }
    }

    @Test("given a list, when a line is added, then the event has all of it")
    func line() throws {
        #expect(
            try decide(given: [created, ListScenario.added(2)], when: add(3, 7)) == [ListScenario.added(3, 7)])
    }

    @Test("given as many lines as there can be, when another is added, then it is refused")
    func limit() throws {
        let past = [created] + (1..<ListDecider.lineLimit).map { ListScenario.added($0) }
        #expect(try decide(given: past, when: add(1)).count == 1)
        #expect(throws: ListDecider.Rejection.tooManyLines) {
            try decide(given: past + [ListScenario.added(1)], when: add(1))
        }
    }

    @Test("given a list, when deleted, then it is gone with its lines")
    func deletion() throws {
        #expect(try decide(given: [created, ListScenario.added(2)], when: .delete) == [deleted])
    }

    @Test("given no list or a deleted one, when anything but creating is wanted, then it is refused")
    func nobody() throws {
        for past in [[], [created, deleted]] {
            for command in [try add(2), .delete] {
                #expect(throws: ListDecider.Rejection.noSuchList) { try decide(given: past, when: command) }
            }
        }
    }

    @Test("a list claims nothing")
    func claims() {
        #expect(ListDecider.claims(of: ListDecider.evolve(.absent, created)).isEmpty)
    }
}
