// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Inventory
import NIOCore
import ServiceKit
import Testing

@testable import QueryAPI

/// A line as clients see it.
private struct Line: Decodable, Equatable {
    let lineId: String
    let product: String
    let quantity: Int
}

/// A list as clients see it.
private struct List: Decodable {
    let id: String
    let customer: String
    let totalItems: Int
    let expiresOn: String
    let version: Int
    let lines: [Line]?
    let next: String?
}

@Suite("The queries on stock lists", .timeLimit(.minutes(1)))
struct StockListQueryTests {
    private static let path = "/api/v1/inventory/lists"
    private let lists = TestLists()
    private let id = TestLists.id(1)
    private var path: String { "\(Self.path)/\(id)" }

    private func get<Value: Decodable>(
        _ uri: String, as type: Value.Type, _ client: any TestClientProtocol
    ) async throws -> Value {
        try await client.execute(uri: uri, method: .get) { response in
            #expect(response.status == .ok, "\(String(buffer: response.body))")
            return try JSONDecoder().decode(Value.self, from: Data(response.body.readableBytesView))
        }
    }

    private func problem(_ uri: String, _ client: any TestClientProtocol) async throws -> String {
        try await client.execute(uri: uri, method: .get) { response in
            try JSONDecoder().decode(Problem.self, from: Data(response.body.readableBytesView)).type
        }
    }

    @Test("a list is shown with its lines in order, and the sums of the same version")
    func detail() async throws {
        try await lists.append(TestLists.events(id, lines: 3), of: id)
        try await lists.run { client in
            let list = try await get(path, as: List.self, client)
            #expect(list.id == id.description)
            #expect(list.customer == "Ada")
            #expect(list.expiresOn == "2027-01-31")
            #expect(list.version == 4)
            #expect(list.totalItems == 6)
            #expect(list.lines?.map(\.quantity) == [1, 2, 3])
            #expect(list.lines?.first?.product == "Lamp")
            #expect(list.next == nil)
            try await client.execute(uri: path, method: .get) { #expect($0.headers[.eTag] == "\"4\"") }
        }
    }

    @Test("a list with more than 500 lines shows these, and where the next ones are")
    func manyLines() async throws {
        try await lists.append(TestLists.events(id, lines: 501), of: id)
        try await lists.run { client in
            let list = try await get(path, as: List.self, client)
            #expect(list.lines?.count == 500)
            let next = try #require(list.next)
            let rest = try await get("\(path)/lines?after=\(next)", as: Page<Line>.self, client)
            #expect(rest.items.map(\.quantity) == [501])
            #expect(rest.next == nil)
        }
    }

    @Test("lines are paged in order, each once")
    func paging() async throws {
        try await lists.append(TestLists.events(id, lines: 25), of: id)
        try await lists.run { client in
            var found: [Int] = []
            var after: String?
            repeat {
                let page = try await get(
                    "\(path)/lines?limit=10\(after.map { "&after=\($0)" } ?? "")", as: Page<Line>.self, client)
                #expect(page.items.count <= 10)
                found += page.items.map(\.quantity)
                after = page.next
            } while after != nil
            #expect(found == Array(1...25))
        }
    }

    @Test("lines that the document does not reflect yet are not shown")
    func ahead() async throws {
        try await lists.append(TestLists.events(id, lines: 2), of: id)
        // Of a writer that was cut off: it computed the document from what is not there.
        let (stream, other) = (Lists.stream(of: id), TestLists())
        try await other.append(TestLists.events(id, lines: 3), of: id)
        let document = try #require(await other.details.load([stream])[stream])
        let change = ReadModelChange(
            stream: stream, baseVersion: 77, document: document, entries: Array(other.details.entries.values))
        #expect(await lists.details.write([change]) == [stream])
        try await lists.run { client in
            let list = try await get(path, as: List.self, client)
            let page = try await get("\(path)/lines", as: Page<Line>.self, client)
            #expect(list.lines?.count == 2)
            #expect(page.items.count == 2)
        }
    }

    @Test("a list that is deleted while its lines are read is not found, rather than shown without some of them")
    func deletedMeanwhile() async throws {
        try await lists.append(TestLists.events(id, lines: 2), of: id)
        let model = DeletingReadModel(lists: lists, id: id)
        try await lists.run(over: model) { client in
            let problem = try await problem(path, client)
            #expect(problem == "/problems/list-not-found")
        }
    }

    @Test("what is deleted or was never there is not found")
    func absent() async throws {
        try await lists.append(TestLists.events(id, lines: 1) + [.deleted(ListDeleted(id: id))], of: id)
        try await lists.run { client in
            for uri in [path, "\(path)/lines", "\(Self.path)/\(TestLists.id(2))", "\(Self.path)/list"] {
                let problem = try await problem(uri, client)
                #expect(problem == "/problems/list-not-found")
            }
        }
    }

    @Test("a version that is not there yet is waited for, and then said to be not yet visible")
    func minimum() async throws {
        try await lists.append(TestLists.events(id, lines: 1), of: id)
        try await lists.run { client in
            let list = try await get("\(path)?minVersion=2&id=\(id)", as: List.self, client)
            #expect(list.version == 2)
            try await client.execute(
                uri: "\(path)/lines?minVersion=3", method: .get, headers: [.prefer: "wait=0"]
            ) { #expect($0.status == .serviceUnavailable) }
        }
    }

    @Test("a list is shown as it was, with the lines of then, also after it was deleted")
    func past() async throws {
        try await lists.append(TestLists.events(id, lines: 3) + [.deleted(ListDeleted(id: id))], of: id)
        try await lists.run { client in
            let list = try await get("\(path)?version=3", as: List.self, client)
            #expect(list.totalItems == 3)
            #expect(list.lines?.map(\.quantity) == [1, 2])
        }
    }

    @Test("a list's history is told")
    func history() async throws {
        struct Event: Decodable { let type: String }
        try await lists.append(TestLists.events(id, lines: 1), of: id)
        try await lists.run { client in
            let page = try await get("\(path)/history", as: Page<Event>.self, client)
            #expect(page.items.map(\.type) == ["inventory.lists.created", "inventory.lists.line-added"])
        }
    }

    @Test("lists are paged, those first that expire latest, without those that are deleted")
    func listing() async throws {
        let days = ["2027-01-31", "2026-12-01", "2027-03-01", "2027-01-31"]
        for (number, day) in days.enumerated() {
            let id = TestLists.id(Int64(number) + 1)
            try await lists.append(TestLists.events(id, lines: 2, expiresOn: day), of: id)
        }
        let gone = TestLists.id(9)
        try await lists.append(
            TestLists.events(gone, expiresOn: "2028-01-01") + [.deleted(ListDeleted(id: gone))], of: gone)
        try await lists.run { client in
            let first = try await get("\(Self.path)?limit=3", as: Page<List>.self, client)
            #expect(first.items.map(\.expiresOn) == ["2027-03-01", "2027-01-31", "2027-01-31"])
            #expect(first.items[1].id < first.items[2].id)
            #expect(first.items[0].totalItems == 3)
            #expect(first.items[0].lines == nil)
            let next = try #require(first.next)
            let rest = try await get("\(Self.path)?limit=3&after=\(next)", as: Page<List>.self, client)
            #expect(rest.items.map(\.expiresOn) == ["2026-12-01"])
            #expect(rest.next == nil)
        }
    }

    @Test(
        "what makes no sense is refused",
        arguments: ["?limit=0", "/lines?after=x", "/lines?at=2027-01-01T00:00:00Z", "/lines?limit=501", "?lines=1"])
    func bad(query: String) async throws {
        try await lists.append(TestLists.events(id), of: id)
        try await lists.run { client in
            let uri = query.hasPrefix("?limit") ? "\(Self.path)\(query)" : "\(path)\(query)"
            let problem = try await problem(uri, client)
            #expect(problem == "/problems/invalid-parameters")
        }
    }

    @Test("the cursor of another list is refused")
    func otherCursor() async throws {
        let other = TestLists.id(2)
        try await lists.append(TestLists.events(id, lines: 2), of: id)
        try await lists.append(TestLists.events(other, lines: 2), of: other)
        try await lists.run { client in
            let page = try await get("\(Self.path)/\(other)/lines?limit=1", as: Page<Line>.self, client)
            let next = try #require(page.next)
            let problem = try await problem("\(path)/lines?after=\(next)", client)
            #expect(problem == "/problems/invalid-parameters")
        }
    }
}

/// A read model whose list is deleted once its document has been read.
private struct DeletingReadModel: ReadModelEntries {
    let lists: TestLists
    let id: UUIDv7

    func load(_ streams: Set<StreamID>) async throws -> [StreamID: ListLinesDocument] {
        await lists.details.load(streams)
    }

    func first(
        where field: ReadModelField<ListLinesDocument>, equals value: String
    ) async throws -> ListLinesDocument? { nil }

    func entries(
        after start: EventPosition, through end: EventPosition, limit: Int?
    ) async throws -> [(position: EventPosition, entry: LineDocument)] {
        try await lists.append([.deleted(ListDeleted(id: id))], of: id)
        return await lists.details.entries(after: start, through: end, limit: limit)
    }
}
