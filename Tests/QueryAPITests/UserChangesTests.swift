// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import CQRSTesting
import Essentials
import HTTPTestSupport
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing
import Users

@testable import QueryAPI

@Suite("GET /users/changes", .timeLimit(.minutes(1)))
struct UserChangesTests {
    private let users = InMemoryReadModel<UserDocument>()

    /// Runs a body with the URL of a live query API.
    private func live(_ body: @escaping @Sendable (String, EntityFeed<UserDocument>) async throws -> Void) async throws
    {
        let reader = try ServiceSettings.read(environment: ["MONGODB_URI": "mongodb://127.0.0.1:1"])
        let configuration = try QueryAPIConfiguration(reader: reader)
        let telemetry = Telemetry(metrics: PrometheusMetrics())
        let cache = makeCache(
            UserProjection.self, configuration, of: users, notices: users, UserAnswer.content, telemetry)
        let feed = makeFeed(UserProjection.self, configuration, of: users, telemetry, UserAnswer.item)
        let application = buildApplication(
            configuration,
            [UsersController(users: cache, lists: users, feed: feed, events: InMemoryEventStore())],
            health: Health([]), telemetry: telemetry)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await feed.run() }
            try await application.test(.live) { client in
                let port = try #require(client.port)
                try await body("http://127.0.0.1:\(port)/users/changes", feed)
            }
            group.cancelAll()
        }
    }

    @Test("sends users as they are read, who was deleted, and an id with each to go on behind")
    func events() async throws {
        try await live { url, _ in
            let answer = try await HTTP.open(url)
            #expect(answer.status == 200)
            #expect(answer.header("content-type") == "text/event-stream")
            #expect(answer.header("cache-control") == "no-store")
            let ada = CachedQueryAPI.makeUser("ada@b.org", name: "Ada\nLovelace \"ünï\"")
            let gone = CachedQueryAPI.makeUser(nil, after: ada.document)
            for change in [ada, gone] { _ = await users.write([change]) }
            _ = await users.remove(ada.stream, at: 2)
            let opening = Collected<String>()
            var iterator = answer.events { opening.add($0) }.makeAsyncIterator()
            let first = try #require(try await iterator.next())
            let view = try #require(UserView(ada.document))
            var json = JSONWriter()
            view.write(to: &json)
            #expect(first.name == "changed")
            #expect(first.data == String(decoding: json.bytes, as: UTF8.self))
            let second = try #require(try await iterator.next())
            #expect(second.name == "deleted")
            #expect(second.data == #"{"id":"\#(ada.document.id)","version":2}"#)
            let third = try #require(try await iterator.next())
            #expect(third.data == #"{"id":"\#(ada.document.id)"}"#)
            let start = try await within(.seconds(10)) {
                var lines = try await HTTP.open(url).lines.makeAsyncIterator()
                return [try await lines.next(), try await lines.next(), try await lines.next()]
            }
            #expect(start[0] == "retry: 1000")
            #expect(start[1]?.hasPrefix("id: ") == true)
            #expect(start[2] == "")
            // The first id comes before any event.
            #expect(opening.all.count == 4)
            for (id, rest) in [(opening.all[0], [first, second, third]), (first.id, [second, third])] {
                let again = try await HTTP.open(url, headers: [("Last-Event-ID", id)])
                var events = again.events().makeAsyncIterator()
                for event in rest { #expect(try await events.next() == event) }
                // As a browser begins, and as it comes back.
                let begun = try await HTTP.open("\(url)?lastEventId=\(id)")
                var first = begun.events().makeAsyncIterator()
                #expect(try await first.next() == rest.first)
                let back = try await HTTP.open("\(url)?lastEventId=\(opening.all[0])", headers: [("Last-Event-ID", id)])
                var later = back.events().makeAsyncIterator()
                #expect(try await later.next() == rest.first)
            }
        }
    }

    @Test("tells a client whose place is lost to begin anew")
    func reset() async throws {
        try await live { url, _ in
            for _ in 0..<2 { _ = await users.write([CachedQueryAPI.makeUser("ada@b.org")]) }
            users.forgetChanges()
            let answer = try await HTTP.open(url, headers: [("Last-Event-ID", "0-0000000000000000")])
            var events = answer.events().makeAsyncIterator()
            let event = try await events.next()
            #expect(event?.name == "reset")
            #expect(event?.data == #"{"reason":"changes-lost"}"#)
        }
    }

    @Test("answers 400 for an id that is none of its own, and for parameters")
    func malformed() async throws {
        try await live { url, _ in
            for id in ["", "7", "1-zz", "../.."] {
                let answer = try await HTTP.send("GET", url, headers: [("Last-Event-ID", id)])
                #expect(answer.status == 400, "\(id)")
                #expect(answer.body.contains("/problems/malformed-request"))
            }
            #expect(try await HTTP.get("\(url)?after=1").status == 400)
        }
    }

    @Test("lets go of a client that has gone")
    func clientGone() async throws {
        try await live { url, feed in
            let port = try #require(url.firstMatch(of: /:(\d+)\//).flatMap { UInt16($0.1) })
            let socket = try connect(to: port)
            #expect(send("GET /users/changes HTTP/1.1\r\nHost: a\r\n\r\n", on: socket))
            try await eventually("reading") { feed.readers == 1 }
            closeSocket(socket)
            try await eventually("nobody reads", within: .seconds(10)) { feed.readers == 0 }
        }
    }
}
