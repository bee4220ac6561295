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

@testable import QueryAPI

@Suite("The query API's OpenAPI document", .timeLimit(.minutes(1)))
struct OpenAPITests {
    private let api: DescribedAPI

    init() throws { api = try DescribedAPI(OpenAPIDocument.queryAPI.json) }

    @Test("describes every route and no other")
    func routes() async throws {
        let telemetry = Telemetry(metrics: PrometheusMetrics())
        let http = HTTPService(
            name: "test", configuration: HTTPConfiguration(port: 0), health: Health([]), metrics: telemetry.metrics,
            logger: Logger(label: "test"))
        let configuration = try QueryAPIConfiguration(reader: try ServiceSettings.read(environment: [:]))
        try await withAllControllers(configuration, telemetry) { controllers in
            // HEAD is there wherever GET is.
            let routes = buildRouter(http, controllers).routes.filter { $0.method != .head }
            #expect(api.operations.map(\.route).sorted() == routes.map { "\($0.method) \($0.path)" }.sorted())
        }
    }

    @Test("is OpenAPI 3.1 of this version, and whole")
    func version() throws {
        #expect(api.document["openapi"] == "3.1.1")
        #expect(try api.document.object("info")["version"] == .string(projectVersion))
        #expect(api.danglingReferences == [])
    }
}
