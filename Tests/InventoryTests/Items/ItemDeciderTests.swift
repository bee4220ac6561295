// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Inventory
import Testing

private typealias Given = ItemScenario
private let (created, deleted) = (Given.created, Given.deleted)

private func create(quantity: Quantity? = nil, store: StoreCode = .main) throws -> ItemDecider.Command {
    .create(
        CreateItem(
            id: sampleID, sku: try SKU(" prod-001"), name: try ItemName("Lamp"),
            description: try ItemDescription("It shines"), quantity: quantity, store: store))
}

private func update(name: String? = nil, description: DescriptionChange? = nil) throws -> ItemDecider.Command {
    .update(UpdateItem(name: try name.map { try ItemName($0) }, description: description))
}

@Suite("Deciding on items")
struct ItemDeciderTests {
    // MARK: Creating

    @Test("given nothing, when an item is created, then it is there with its canonical SKU")
    func creation() throws {
        #expect(try Given.decide(given: [], when: create()) == [created])
    }

    @Test("given nothing, when an item is created with a quantity, then a store has it, too")
    func creationWithStock() throws {
        #expect(try Given.decide(given: [], when: create(quantity: Quantity(7))) == [created, Given.adjusted(7)])
        #expect(
            try Given.decide(given: [], when: create(quantity: Quantity(7), store: StoreCode("north")))
                == [created, Given.adjusted(7, "north")])
    }

    @Test("given an item, present or past, when the same is created again, then it is refused")
    func createTwice() throws {
        for past in [[created], [created, deleted]] {
            #expect(throws: ItemRejection.alreadyExists) { try Given.decide(given: past, when: create()) }
        }
    }

    // MARK: Changing

    @Test("given an item, when name or description change, then the event says all that holds afterwards")
    func change() throws {
        #expect(try Given.decide(given: [created], when: update(name: "Torch")) == [Given.updated("Torch")])
        #expect(
            try Given.decide(given: [created], when: update(description: .set(ItemDescription("New"))))
                == [Given.updated("Lamp", "New")])
        #expect(
            try Given.decide(given: [created, Given.updated("Torch", "New")], when: update(name: "Lamp"))
                == [Given.updated("Lamp", "New")])
    }

    @Test("given an item, when the description is removed, then it has none")
    func removal() throws {
        #expect(
            try Given.decide(given: [created], when: update(description: .removed)) == [Given.updated("Lamp", nil)])
    }

    @Test("given an item, when nothing would change, then nothing happens")
    func unchanged() throws {
        #expect(try Given.decide(given: [created], when: update()).isEmpty)
        #expect(
            try Given.decide(
                given: [created], when: update(name: " Lamp", description: .set(ItemDescription("It  shines")))
            ).isEmpty)
        #expect(
            try Given.decide(given: [created, Given.updated("Lamp", nil)], when: update(description: .removed)).isEmpty)
    }

    // MARK: Deleting

    @Test("given an item, when deleted, then it is gone with what is left of it")
    func deletion() throws {
        #expect(try Given.decide(given: [created, Given.adjusted(5)], when: .delete) == [deleted])
    }

    @Test("given something is reserved, when the item is deleted, then that is refused and says how many are reserved")
    func deleteReserved() throws {
        let past = [
            created, Given.adjusted(5), Given.adjusted(5, "north"), Given.reserved(2, 3), Given.reserved(3, 1, "north"),
        ]
        #expect(throws: ItemRejection.stockReserved(reserved: 4)) { try Given.decide(given: past, when: .delete) }
        #expect(
            try Given.decide(given: past + [Given.released(2, 3), Given.confirmed(3, 1, "north")], when: .delete)
                == [deleted])
    }

    @Test("given no item or a deleted one, when anything but creating is wanted, then it is refused")
    func nobody() throws {
        let commands: [ItemDecider.Command] = [
            try update(name: "A"), .delete, try Given.adjust(1), try Given.reserve(2, 1), try Given.release(2),
            try Given.releaseOldest(1), .confirm(uuid(2)),
        ]
        for past in [[], [created, deleted]] {
            for command in commands {
                #expect(throws: ItemRejection.noSuchItem) { try Given.decide(given: past, when: command) }
            }
        }
    }

    // MARK: Claims

    @Test("an item has its SKU until it is deleted")
    func claims() {
        #expect(ItemDecider.claims(of: Given.state(after: [])) == [])
        #expect(
            ItemDecider.claims(of: Given.state(after: [created, Given.adjusted(5)])) == [Claim("sku", "PROD-001")])
        #expect(ItemDecider.claims(of: Given.state(after: [created, deleted])) == [])
    }

    @Test("a claim that another item holds means that the SKU is taken")
    func taken() {
        #expect(ItemDecider.rejection(taken: Items.skuClaim("PROD-001")) == .skuTaken)
    }
}
