// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Inventory
import MongoDB
import Testing

private typealias Given = ListScenario

/// The entries that events lead to, from version 1 on.
private func entries(of events: [ListEvent]) -> [LineDocument] {
    events.enumerated().compactMap { index, event in
        ListLinesProjection.entry(event, recorded(event, version: Int64(index) + 1, stream: Given.stream))
    }
}

private func document(after events: [ListEvent]) throws -> ListLinesDocument {
    try #require(try ListLinesProjection.document(after: events, stream: Given.stream))
}

@Suite("The projection of lists with their lines")
struct ListLinesTests {
    private let events = [Given.created, Given.added(3, 7), Given.added(2)]

    @Test("keeps an entry for each line, in order, and none for anything else")
    func entry() throws {
        let lines = LineView.lines(of: try document(after: events), entries(of: events))
        #expect(lines.map(\.lineId) == [uuid(3).description, uuid(2).description])
        #expect(lines.map(\.quantity) == [7, 1])
        #expect(lines.map(\.product) == ["Lamp", "Lamp"])
        #expect(entries(of: [Given.created, Given.deleted]).isEmpty)
    }

    @Test("keeps a document that does not grow with the lines")
    func size() throws {
        let few = try BSONEncoder().encode(document(after: [Given.created, Given.added(2)]))
        let many = try BSONEncoder().encode(document(after: [Given.created] + (2...500).map { Given.added($0) }))
        #expect(few.bytes.count == many.bytes.count)
    }

    @Test("shows no line that the document does not reflect yet")
    func ahead() throws {
        let behind = try document(after: Array(events.dropLast()))
        #expect(LineView.lines(of: behind, entries(of: events)).map(\.lineId) == [uuid(3).description])
    }

    @Test("shows no lines of a deleted list, whatever is still there")
    func deletion() throws {
        #expect(LineView.lines(of: try document(after: events + [Given.deleted]), entries(of: events)).isEmpty)
    }

    @Test("says the same of a list as the summaries do")
    func summary() throws {
        #expect(
            try document(after: events).summary
                == ListProjection.document(after: events, stream: Given.stream))
    }

    @Test("stores entries that come back from BSON as they were")
    func stored() throws {
        let line = try #require(entries(of: events).first)
        #expect(try BSONDecoder().decode(LineDocument.self, from: BSONEncoder().encode(line)) == line)
    }
}
