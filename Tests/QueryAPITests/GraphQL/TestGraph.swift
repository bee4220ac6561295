// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import CQRSTesting
import Engagement
import Essentials
import Foundation
import GraphQL
import GraphQLHTTP
import Hummingbird
import HummingbirdTesting
import Inventory
import ServiceKit
import TestSupport
import Testing
import Users

@testable import QueryAPI

/// Users, items and statistics in memory, by GraphQL, and the first two by REST.
struct TestGraph: Sendable {
    let users = InMemoryReadModel<UserDocument>()
    let items = InMemoryReadModel<ItemDocument>()
    let engagement = InMemoryReadModel<EngagementDocument>()
    let events = InMemoryEventStore()

    /// The time of all that asks what day it is.
    static let now = Timestamp(millisecondsSinceEpoch: 1_772_366_400_000)

    /// Runs a body with a client of the routes.
    func run(_ body: @Sendable (GraphClient) async throws -> Void) async throws {
        try await run(over: users, items, events, body)
    }

    /// Runs a body with a client of the routes over other read models and another event store.
    func run<Items: ReadModelListing<ItemDocument>>(
        over users: some ReadModelListing<UserDocument>, _ items: Items, _ events: some EventQueries,
        _ body: @Sendable (GraphClient) async throws -> Void
    ) async throws {
        let reader = try ServiceSettings.read(environment: ["MONGODB_URI": "mongodb://127.0.0.1:1"])
        let configuration = try QueryAPIConfiguration(reader: reader)
        let telemetry = Telemetry(metrics: PrometheusMetrics())
        let people = UsersController(
            users: makeCache(
                UserProjection.self, configuration, of: users, notices: self.users, UserAnswer.content, telemetry),
            lists: users,
            feed: makeFeed(UserProjection.self, configuration, of: self.users, telemetry, UserAnswer.item),
            events: events)
        let goods = EntityQueries<ItemProjection, Items, ItemAnswer>(
            makeCache(
                ItemProjection.self, configuration, of: items, notices: self.items, ItemAnswer.content, telemetry),
            events: events, notFound: .itemNotFound, notYet: .itemNotYetThere)
        let graph = try GraphQLController([
            UserGraph(users: people.users, lists: users), ItemGraph(items: goods, lists: items),
            EngagementGraph(sums: engagement, now: { Self.now }),
        ])
        let application = buildApplication(
            configuration, [people, graph], health: Health([]), telemetry: telemetry)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await people.users.cache.run() }
            try await eventually("following") { people.users.cache.isFollowing }
            try await application.test(.router) { try await body(GraphClient(http: $0)) }
            group.cancelAll()
        }
    }

    /// Stores users, by their numbers.
    func register(_ numbers: Range<Int>) async {
        let changes = numbers.map { number in
            let time = Timestamp(millisecondsSinceEpoch: 1_772_366_400_000 + Int64(number))
            let id = UUIDv7(at: time)
            return ReadModelChange(
                stream: Users.stream(of: id), baseVersion: 0,
                document: UserDocument(
                    id: id.description, version: 1, createdAt: time, updatedAt: time,
                    // Many of one name, so that names alone make no order.
                    name: "Ada \(number % 7)", email: "user\(number)@b.org"))
        }
        #expect(await users.write(changes).isEmpty)
    }
}

/// Asks by GraphQL.
struct GraphClient: Sendable {
    let http: any TestClientProtocol

    /// The answer to a query, with its status.
    func answer(
        _ query: String, _ variables: [String: JSONValue] = [:], prefer: String? = nil
    ) async throws -> (status: Int, body: JSONObject) {
        var object = JSONObject()
        for (name, value) in variables { object.append(name, value) }
        var json = JSONWriter()
        json.beginObject()
        json.member("query", query)
        json.key("variables")
        json.value(.object(object))
        json.endObject()
        var headers: HTTPFields = [.contentType: "application/json"]
        headers[.prefer] = prefer
        return try await http.execute(
            uri: "/graphql", method: .post, headers: headers, body: ByteBuffer(bytes: json.bytes)
        ) { response in
            let body = try #require(try JSON.parseObject(Array(response.body.readableBytesView)))
            return (Int(response.status.code), body)
        }
    }

    /// The data of an answer without errors.
    func data(
        _ query: String, _ variables: [String: JSONValue] = [:], prefer: String? = nil
    ) async throws -> JSONValue {
        let (status, body) = try await answer(query, variables, prefer: prefer)
        #expect(status == 200, "\(body)")
        return try #require(body["data"])
    }

    /// The errors' messages.
    func errors(_ query: String, _ variables: [String: JSONValue] = [:], prefer: String? = nil) async throws -> [String]
    {
        let (status, body) = try await answer(query, variables, prefer: prefer)
        #expect(status == 294)
        return (body["errors"]?.elements ?? []).compactMap { $0["message"].text }
    }
}

extension JSONValue {
    /// A member of an object; null when there is none.
    subscript(name: String) -> JSONValue { if case .object(let object) = self { object[name] ?? .null } else { .null } }

    var elements: [JSONValue] { if case .array(let values) = self { values } else { [] } }
    var text: String? { if case .string(let text) = self { text } else { nil } }
}
