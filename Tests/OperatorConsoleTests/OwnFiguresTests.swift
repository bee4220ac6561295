// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Testing

@testable import OperatorConsole

@Suite("A process's own figures")
struct OwnFiguresTests {
    private let figures = OwnFigures(
        Array(
            """
            # HELP http_server_requests_total Requests.
            # TYPE http_server_requests_total counter
            http_server_requests_total{method="GET",route="/users/{email}",status="200"} 40
            http_server_requests_total{method="GET",route="/users/{email}",status="404"} 2 # {trace_id="1"} 1
            http_server_requests_total{method="GET",route="/metrics",status="200"} 7
            http_server_requests_total{method="GET",route="/console/api/flow",status="200"} 9
            http_server_requests_total{method="POST",route="/console/api/x",status="200"} 9
            cqrs_near_cache_hits_total{read_model="users"} 30
            cqrs_near_cache_hits_total{read_model="a\\"b"} 5
            process_cpu_seconds_total 1.5
            """.utf8))

    @Test("count as reads what asks for something stored: neither probes nor the console")
    func reads() { #expect(figures.reads == 42) }

    @Test("are summed over all series, or looked up for one read model")
    func sums() {
        #expect(figures.sum("cqrs_near_cache_hits_total") == 35)
        #expect(figures.sum("process_cpu_seconds_total") == 1.5)
        #expect(figures.value("cqrs_near_cache_hits_total", of: "users") == 30)
        #expect(figures.value("cqrs_near_cache_hits_total", of: "items") == nil)
    }
}
