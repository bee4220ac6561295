// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CoreMetrics
import Essentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Synchronization
import Testing

@testable import ServiceKit

@Suite("Prometheus metrics", .timeLimit(.minutes(1)))
struct MetricsTests {
    /// Reads the text format strictly: names and labels, one `# TYPE` before the samples, no series twice.
    private func parse(_ metrics: PrometheusMetrics) throws -> (samples: [String: Double], types: [String: String]) {
        let text = String(decoding: metrics.render(), as: UTF8.self)
        #expect(text.isEmpty || text.hasSuffix("\n"))
        var samples: [String: Double] = [:]
        var types: [String: String] = [:]
        let sample = /([a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",?)+)\})? (\S+)/
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            if line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ")
                #expect(words.count == 4 && types[String(words[2])] == nil)
                types[String(words[2])] = String(words[3])
            } else if !line.hasPrefix("# HELP ") {
                let match = try #require(try sample.wholeMatch(in: line), "\(line)")
                let name = String(match.1)
                let base = ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) }.map {
                    String(name.dropLast($0.count))
                }
                #expect(types[name] != nil || base.map { types[$0] == "histogram" } == true, "\(line)")
                let key = name + (match.2.map(String.init) ?? "")
                #expect(samples[key] == nil, "\(line)")
                samples[key] = try #require(Double(String(match.4)) as Double?)
            }
        }
        return (samples, types)
    }

    @Test("counters end in _total and add up")
    func counter() throws {
        let metrics = PrometheusMetrics(collectsProcess: false)
        Counter(label: "users.created", factory: metrics).increment(by: 2)
        Counter(label: "users.created", factory: metrics).increment()
        Counter(label: "users_failed_total", dimensions: [("b", "2"), ("a", "1")], factory: metrics).increment()
        Counter(label: "users_failed_total", dimensions: [("a", "1"), ("b", "2")], factory: metrics).increment()
        let (samples, types) = try parse(metrics)
        #expect(samples == ["users_created_total": 3, #"users_failed_total{a="1",b="2"}"#: 2])
        #expect(types == ["users_created_total": "counter", "users_failed_total": "counter"])
    }

    @Test("gauges and meters go up and down")
    func gauge() throws {
        let metrics = PrometheusMetrics(collectsProcess: false)
        Gauge(label: "backlog", factory: metrics).record(7.5)
        let meter = Meter(label: "in_flight", factory: metrics)
        meter.increment(by: 3)
        meter.decrement()
        #expect(try parse(metrics).samples == ["backlog": 7.5, "in_flight": 2])
    }

    @Test("timers are cumulative histograms in seconds")
    func timer() throws {
        let metrics = PrometheusMetrics(collectsProcess: false)
        let timer = Timer(label: "apply", dimensions: [("queue", "q")], factory: metrics)
        timer.recordMilliseconds(1)
        timer.recordMilliseconds(30)
        timer.recordSeconds(60)
        let samples = try parse(metrics).samples
        #expect(samples[#"apply_seconds_count{queue="q"}"#] == 3)
        #expect(abs(try #require(samples[#"apply_seconds_sum{queue="q"}"#]) - 60.031) < 1e-9)
        #expect(samples[#"apply_seconds_bucket{queue="q",le="0.0005"}"#] == 0)
        #expect(samples[#"apply_seconds_bucket{queue="q",le="0.001"}"#] == 1)
        #expect(samples[#"apply_seconds_bucket{queue="q",le="0.05"}"#] == 2)
        #expect(samples[#"apply_seconds_bucket{queue="q",le="10"}"#] == 2)
        #expect(samples[#"apply_seconds_bucket{queue="q",le="+Inf"}"#] == 3)
    }

    @Test("every metric of a service says what it is about")
    func help() async throws {
        let service = TestService()
        try await withLiveService(service) { live in
            _ = try await live.exchange("GET /people/x HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n")
        }
        let text = String(decoding: service.metrics.render(), as: UTF8.self)
        let types = text.matches(of: /# TYPE (\S+)/).map { String($0.1) }
        #expect(types.contains("http_server_failed_connections_total"))
        #expect(text.matches(of: /# HELP (\S+) \S/).map { String($0.1) } == types)
    }

    @Test("names are made valid, label values may be anything")
    func escaping() throws {
        let metrics = PrometheusMetrics(
            help: ["_1_weird_na_me_total": "line\nand \\ backslash"], collectsProcess: false)
        Counter(label: "1 weird-na.me", dimensions: [("le", "a\"b\\c\nd"), ("__x", "é😀"), ("", "z")], factory: metrics)
            .increment()
        let samples = try parse(metrics).samples
        #expect(samples.keys.first == "_1_weird_na_me_total{_=\"z\",label___x=\"é😀\",label_le=\"a\\\"b\\\\c\\nd\"}")
        #expect(
            String(decoding: metrics.render(), as: UTF8.self).contains(
                "# HELP _1_weird_na_me_total line\\nand \\\\ backslash\n"))
    }

    @Test("label values beyond the limit share one series")
    func cardinality() throws {
        let metrics = PrometheusMetrics(collectsProcess: false)
        for number in 0..<(PrometheusMetrics.seriesLimit + 500) {
            Counter(label: "c", dimensions: [("n", "\(number)")], factory: metrics).increment()
        }
        let samples = try parse(metrics).samples
        #expect(samples.count == PrometheusMetrics.seriesLimit + 1)
        #expect(samples[#"c_total{n="other"}"#] == 500)
    }

    @Test("one name with two kinds keeps the first")
    func conflict() throws {
        let metrics = PrometheusMetrics(collectsProcess: false)
        Gauge(label: "x_total", factory: metrics).record(5)
        Counter(label: "x", factory: metrics).increment()
        Recorder(label: "x_total", factory: metrics).record(1)
        #expect(try parse(metrics).samples == ["x_total": 5])
    }

    @Test("a name that is a sample of another metric is not shown")
    func sharedName() throws {
        let metrics = PrometheusMetrics(collectsProcess: false)
        Counter(label: "y", factory: metrics).increment()
        Gauge(label: "y", factory: metrics).record(5)
        Gauge(label: "z_count", factory: metrics).record(7)
        Recorder(label: "z", factory: metrics).record(1)
        #expect(try parse(metrics).samples == ["y_total": 1, "z_count": 7])
    }

    @Test("OpenMetrics names a counter's family without its suffix, tells units, writes bounds as decimals, and ends")
    func openMetrics() throws {
        let metrics = PrometheusMetrics(
            help: ["a_total": "With \"quotes\".", "b_bytes": "Room."], collectsProcess: false)
        Counter(label: "a", dimensions: [("n", "1")], factory: metrics).increment(by: 2)
        Gauge(label: "b_bytes", factory: metrics).record(7.5)
        Recorder(label: "c", factory: metrics).record(60_000)
        let text = String(decoding: metrics.render(.openMetrics), as: UTF8.self)
        #expect(
            text.hasPrefix(
                """
                # HELP a With \\"quotes\\".
                # TYPE a counter
                a_total{n="1"} 2
                # HELP b_bytes Room.
                # TYPE b_bytes gauge
                # UNIT b_bytes bytes
                b_bytes 7.5
                # TYPE c histogram
                c_bucket{le="1.0"} 0

                """))
        #expect(
            text.hasSuffix(
                """
                c_bucket{le="10000.0"} 0
                c_bucket{le="100000.0"} 1
                c_bucket{le="+Inf"} 1
                c_sum 60000
                c_count 1
                # EOF

                """))
    }

    @Test("each bucket shows the last trace that was recorded in it, in OpenMetrics alone")
    func exemplars() throws {
        let trace = Mutex<String?>(nil)
        let metrics = PrometheusMetrics(collectsProcess: false, traceID: { trace.withLock { $0 } })
        let timer = Timer(label: "apply", factory: metrics)
        for (id, milliseconds) in [("0af7", 3), ("651c", 4), (nil, 5), ("0b9c", 60_000)] {
            trace.withLock { $0 = id }
            timer.recordMilliseconds(milliseconds)
        }
        let text = String(decoding: metrics.render(.openMetrics), as: UTF8.self)
        let exemplars = text.matches(of: /apply_seconds_bucket{le="(.+)"} \d # {trace_id="(.+)"} (\S+) \d+(\.\d+)?\n/)
        #expect(exemplars.map { "\($0.1) \($0.2) \($0.3)" } == ["0.005 651c 0.004", "60.0 0b9c 60"])
        #expect(!String(decoding: metrics.render(), as: UTF8.self).contains("trace_id"))
    }

    @Test(
        "a client gets OpenMetrics if it asks for that and wants nothing more",
        arguments: [
            (nil, false), ("*/*", false), ("text/plain", false), ("application/openmetrics-text", true),
            ("Application/OpenMetrics-Text; Version=\"1.0.0\"", true),
            ("application/openmetrics-text;version=0.0.1,text/plain;version=0.0.4;q=0.5", false),
            ("application/openmetrics-text;q=0", false), ("application/openmetrics-text;q=0.4, */*;q=0.5", false),
            // What Prometheus sends.
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                    + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", true
            ),
        ] as [(String?, Bool)])
    func negotiation(accept: String?, isOpenMetrics: Bool) async throws {
        try await TestService().application().test(.router) { client in
            let answer = try await client.execute(
                uri: "/metrics", method: .get, headers: accept.map { [.accept: $0] } ?? [:])
            let format = isOpenMetrics ? ExpositionFormat.openMetrics : .text
            #expect(answer.headers[.contentType] == format.contentType)
            #expect(answer.headers[values: .vary].contains("Accept"))
            #expect(String(buffer: answer.body).hasSuffix("\n# EOF\n") == isOpenMetrics)
        }
    }

    @Test("a scrape tells whether the service is ready, and what it lacks")
    func readiness() async throws {
        var service = TestService()
        let isReady = Atomic(false)
        service.health = Health([
            ReadinessCheck("mongodb") { isReady.load(ordering: .relaxed) ? .ready : .notReady("no connection") },
            ReadinessCheck("rabbitmq", .informational) { .ready },
        ])
        try await service.application().test(.router) { client in
            func scrape() async throws -> String {
                String(buffer: try await client.execute(uri: "/metrics", method: .get).body)
            }
            var text = try await scrape()
            #expect(text.contains("\nservice_ready 0\n"))
            #expect(text.contains("\nservice_dependency_ready{dependency=\"mongodb\",required=\"true\"} 0\n"))
            #expect(text.contains("\nservice_dependency_ready{dependency=\"rabbitmq\",required=\"false\"} 1\n"))
            isReady.store(true, ordering: .relaxed)
            text = try await scrape()
            #expect(text.contains("\nservice_ready 1\n"))
            #expect(text.contains("\nservice_dependency_ready{dependency=\"mongodb\",required=\"true\"} 1\n"))
        }
    }

    @Test("a service without streams has no metrics of them")
    func streams() async throws {
        try await TestService().application().test(.router) { client in
            let text = String(buffer: try await client.execute(uri: "/metrics", method: .get).body)
            #expect(text.contains("http_server_requests_in_flight"))
            #expect(!text.contains("http_streams"))
        }
    }

    @Test("nothing is lost when many threads record while others scrape")
    func concurrency() async throws {
        let metrics = PrometheusMetrics(collectsProcess: false)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for number in 0..<5000 {
                        Counter(label: "c", dimensions: [("n", "\(number % 7)")], factory: metrics).increment()
                        Timer(label: "t", factory: metrics).recordNanoseconds(Int64(number))
                        Meter(label: "m", factory: metrics).increment()
                    }
                }
            }
            group.addTask { for _ in 0..<50 { _ = metrics.render() } }
        }
        let samples = try parse(metrics).samples
        #expect((0..<7).reduce(0) { $0 + (samples["c_total{n=\"\($1)\"}"] ?? 0) } == 20_000)
        #expect(samples["t_seconds_count"] == 20_000)
        #expect(samples["m"] == 20_000)
    }

    @Test("the process tells memory, processor time, files and start")
    func process() throws {
        let samples = try parse(PrometheusMetrics()).samples
        #expect(try #require(samples["process_resident_memory_bytes"]) > 1_000_000)
        #expect(try #require(samples["process_cpu_seconds_total"]) > 0)
        #expect(try #require(samples["process_open_fds"]) > 2)
        #expect(try #require(samples["process_max_fds"]) > 2)
        #expect(try #require(samples["process_start_time_seconds"]) > 1_500_000_000)
    }
}
