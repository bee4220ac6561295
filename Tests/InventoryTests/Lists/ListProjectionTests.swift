// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import CQRSTesting
import Essentials
import Foundation
import Inventory
import MongoDB
import Testing

private typealias Given = ListScenario

private func document(after events: [ListEvent]) throws -> ListDocument {
    try #require(try ListProjection.document(after: events, stream: Given.stream))
}

@Suite("The lists' projection")
struct ListProjectionTests {
    @Test("sums the quantities of a list's lines")
    func summary() throws {
        let list = try document(after: [Given.created, Given.added(2, 3), Given.added(3, 4)])
        let view = try #require(ListView(list))
        #expect((view.id, view.customer, view.expiresOn) == (sampleID.description, "Ada", "2027-01-31"))
        #expect((view.totalItems, view.version) == (7, 3))
        #expect((list.createdAt, list.updatedAt) == (time(of: 1), time(of: 3)))
    }

    @Test("lists first what expires last, and of one day what was begun first")
    func order() async throws {
        let model = InMemoryReadModel<ListDocument>()
        for (number, day) in [(1, "2027-01-31"), (2, "2028-01-01"), (3, "2027-01-31"), (4, "2026-12-31")] {
            let event = ListEvent.created(ListCreated(id: uuid(number), customer: "Ada", expiresOn: day))
            let stream = Lists.stream(of: uuid(number))
            let list = try ListProjection.evolve(nil, event, recorded(event, version: 1, stream: stream))
            _ = await model.write([ReadModelChange(stream: stream, baseVersion: 0, document: list)])
        }
        let page = await model.page(by: ListDocument.byExpiry, prefix: "", after: nil, limit: 9)
        #expect(page.entries.map(\.stream) == [2, 1, 3, 4].map { Lists.stream(of: uuid($0)) })
    }

    @Test("leaves of a deleted list that there was one, and does not list it")
    func deletion() throws {
        let list = try document(after: [Given.created, Given.added(2, 3), Given.deleted])
        #expect(list.isDeleted)
        #expect(ListView(list) == nil)
        #expect(ListDocument.byExpiry.value(list) == nil)
        #expect((list.version, list.totalItems) == (3, 0))
        let stored = String(decoding: try JSONEncoder().encode(list), as: UTF8.self)
        for text in ["Ada", "2027", "7972"] { #expect(!stored.contains(text)) }
    }

    @Test(
        "survives being stored as BSON",
        arguments: [[Given.created, Given.added(2, 3)], [Given.created, Given.deleted]])
    func stored(events: [ListEvent]) throws {
        let list = try document(after: events)
        #expect(try BSONDecoder().decode(ListDocument.self, from: BSONEncoder().encode(list)) == list)
    }

    @Test(
        "refuses what cannot follow",
        arguments: [
            [Given.added(2)], [Given.deleted], [Given.created, Given.created],
            [Given.created, Given.deleted, Given.added(2)], [Given.created, Given.deleted, Given.created],
        ])
    func impossible(events: [ListEvent]) throws {
        #expect(try ListProjection.refusal(ofLast: events, stream: Given.stream) == .invalidData)
    }

    @Test("refuses an event about another list than its stream's")
    func foreign() throws {
        let other = Lists.stream(of: uuid(9))
        #expect(try ListProjection.refusal(ofLast: [Given.created], stream: other) == .invalidData)
    }
}
