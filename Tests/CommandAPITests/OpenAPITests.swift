// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import HTTPTestSupport
import Hummingbird
import Logging
import ServiceKit
import Testing
import Users

@testable import CommandAPI

@Suite("The command API's OpenAPI document", .timeLimit(.minutes(1)))
struct OpenAPITests {
    private let api: DescribedAPI

    init() throws { api = try DescribedAPI(OpenAPIDocument.commandAPI.json) }

    @Test("describes every route and no other")
    func routes() throws {
        let store = InMemoryEventStore()
        let configuration = try CommandAPIConfiguration(reader: try ServiceSettings.read(environment: [:]))
        let http = HTTPService(
            name: "test", configuration: HTTPConfiguration(port: 0), health: Health([]), metrics: PrometheusMetrics(),
            logger: Logger(label: "test"))
        let router = buildRouter(
            http,
            makeControllers(
                CommandParts(
                    configuration: configuration, store: store, snapshots: nil, outbox: Outbox(store: store),
                    problems: http.problems)))
        // HEAD is there wherever GET is.
        let routes = router.routes.filter { $0.method != .head }.map { "\($0.method) \($0.path)" }
        #expect(api.operations.map(\.route).sorted() == routes.sorted())
    }

    @Test("is OpenAPI 3.1 of this version, and whole")
    func version() throws {
        #expect(api.document["openapi"] == "3.1.1")
        #expect(try api.document.object("info")["version"] == .string(projectVersion))
        #expect(api.danglingReferences == [])
    }

    @Test("has an example of every body, for the page to send")
    func examples() throws {
        for operation in api.operations where operation.members["requestBody"] != nil {
            let content = try operation.members.object("requestBody").object("content")
            let usual = try #require(content.members.first).value.object()
            #expect(usual["example"] != nil, "\(operation.route)")
        }
    }

    @Test("has commands on what there is, and each looks for it before it compares versions")
    func conditionsOnNothing() async throws {
        let commands = api.operations.filter { $0.route.contains("{") }
        try await LiveCommandAPI.run { api in
            for command in commands {
                let route = command.exampleRoute.split(separator: " ")
                let answer = try await HTTP.send(
                    String(route[0]), api.url + route[1], json: try command.exampleBody, headers: [("If-Match", "*")])
                #expect(answer.status == 404, "\(command.route): \(answer.body)")
            }
        }
    }
}

extension DescribedAPI.Operation {
    /// The example of the usual body; `nil` for an operation without one.
    fileprivate var exampleBody: String? {
        get throws {
            guard let body = members["requestBody"] else { return nil }
            let usual = try #require(try body.object().object("content").members.first).value.object()
            var json = JSONWriter()
            json.value(try #require(usual["example"]))
            return String(decoding: json.bytes, as: UTF8.self)
        }
    }
}
