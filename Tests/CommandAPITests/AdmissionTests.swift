// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTestSupport
import Hummingbird
import ServiceKit
import Testing

@testable import CommandAPI

@Suite("Admission to the command API", .timeLimit(.minutes(1)))
struct AdmissionTests {
    @Test("is needed for every route but health, whichever way a request takes")
    func everyRoute() async throws {
        let nobody = Admission { _ throws(ProblemDetails) in throw ProblemDetails(.status(.forbidden)) }
        let api = try DescribedAPI(OpenAPIDocument.commandAPI.json)
        try await LiveCommandAPI.run(admission: nobody) { live in
            let open = try await api.routes(notAnswering: 403, port: live.port)
            #expect(Set(open) == ["GET /live", "GET /ready", "GET /health"])
        }
    }
}
