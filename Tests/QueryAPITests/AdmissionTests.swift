// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import HTTPTestSupport
import Hummingbird
import HummingbirdTesting
import ServiceKit
import Testing
import Users

@testable import QueryAPI

@Suite("Admission to the query API", .timeLimit(.minutes(1)))
struct AdmissionTests {
    @Test("is needed for every route but health, whichever way a request takes")
    func everyRoute() async throws {
        let nobody = Admission { _ throws(ProblemDetails) in throw ProblemDetails(.status(.forbidden)) }
        let api = try DescribedAPI(OpenAPIDocument.queryAPI.json)
        let configuration = try QueryAPIConfiguration(reader: try ServiceSettings.read(environment: [:]))
        let telemetry = Telemetry(metrics: PrometheusMetrics())
        try await withAllControllers(configuration, telemetry) { controllers in
            let application = buildApplication(
                configuration, controllers, health: Health([]), telemetry: telemetry, admission: nobody)
            try await application.test(.live) { client in
                let open = try await api.routes(notAnswering: 403, port: try #require(client.port))
                #expect(Set(open) == ["GET /live", "GET /ready", "GET /health"])
            }
        }
    }
}
