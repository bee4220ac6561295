// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTestSupport
import HTTPTypes
import NIOCore
import TestSupport
import Testing

@testable import ServiceKit

@Suite("Admission", .timeLimit(.minutes(1)))
struct AdmissionTests {
    private func service(_ admission: Admission?) -> TestService {
        var service = TestService()
        service.admission = admission
        service.hot = .get(prefix: "/people/", parameter: "email") { _ in
            .answer(HotAnswer(.ok, fields: [("X-Hot", "yes")], body: ByteBuffer(string: "1")))
        }
        return service
    }

    private func get(_ path: String, _ fields: String = "", _ live: Live) async throws -> String {
        // The second request ends the connection; the first is one that a hot route answers.
        try await within(.seconds(10)) {
            try await live.exchange(
                "GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
                    + "GET /live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        }
    }

    @Test("is asked the same about a request, whichever way it takes")
    func sameQuestion() async throws {
        let asked = Collected<String>()
        let admission = Admission { asked.add("\($0.method) \($0.route) \($0[.userAgent] ?? "-")") }
        try await withLiveService(service(admission)) { live in
            let hot = try await get("/people/x", "User-Agent: me\r\n", live)
            #expect(hot.contains("X-Hot"))
            let routed = try await get("/people/x", "User-Agent: me\r\nX-Unknown: 1\r\n", live)
            #expect(!routed.contains("X-Hot"))
        }
        #expect(asked.all == Array(repeating: "GET /people/{email} me", count: 2))
    }

    @Test("refuses with its problem, whichever way a request takes", arguments: ["", "X-Unknown: 1\r\n"])
    func refusal(fields: String) async throws {
        let admission = Admission { _ throws(ProblemDetails) in
            throw ProblemDetails(.status(.unauthorized), headers: [.wwwAuthenticate: "Bearer"])
        }
        try await withLiveService(service(admission)) { live in
            let answer = try await get("/people/x", fields, live)
            #expect(answer.hasPrefix("HTTP/1.1 401 Unauthorized\r\n"), "\(answer)")
            #expect(answer.contains("\r\nWWW-Authenticate: Bearer\r\n"), "\(answer)")
            #expect(!answer.contains("X-Hot"))
            #expect(answer.contains(#"{"live":true}"#), "\(answer)")
        }
    }
}
