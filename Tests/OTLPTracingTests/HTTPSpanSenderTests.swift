// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AsyncHTTPClient
import Essentials
import HTTPTypes
import TestSupport
import Testing

@testable import OTLPTracing

struct HTTPSpanSenderTests {
    private func send(
        to endpoint: String, within limit: Duration = .seconds(30),
        _ change: (inout ExporterConfiguration) -> Void = { _ in }
    ) async throws -> SendOutcome {
        var configuration = ExporterConfiguration()
        configuration.endpoint = endpoint
        change(&configuration)
        let exporter = configuration
        return try await HTTPClient.withHTTPClient(
            configuration: HTTPSpanSender.clientConfiguration(exporter)
        ) { client in
            await HTTPSpanSender(
                client: client, configuration: exporter,
                resource: TracedResource(service: "test", version: "1", instance: "one")
            ).send([endedSpan("a")], within: limit)
        }
    }

    @Test("A request says what it is, and has the configured fields")
    func request() async throws {
        try await TestCollector.run { collector, endpoint in
            #expect(try await send(to: endpoint) { $0.headers = [("api-key", "1")] } == .taken(nil))
            let headers = try #require(collector.requests.first).headers
            #expect(headers[.contentType] == "application/x-protobuf")
            #expect(headers[.contentEncoding] == nil)
            #expect(headers[try #require(HTTPField.Name("api-key"))] == "1")
            // A trace of the export itself would be exported, too.
            #expect(headers[try #require(HTTPField.Name("traceparent"))] == nil)
        }
    }

    @Test("A compressed request begins as gzip does, and says so")
    func gzip() async throws {
        try await TestCollector.run { collector, endpoint in
            _ = try await send(to: endpoint) { $0.compression = .gzip }
            let request = try #require(collector.requests.first)
            #expect(request.headers[.contentEncoding] == "gzip")
            #expect(request.body.prefix(2) == [0x1F, 0x8B])
        }
    }

    @Test("These and no others may be sent again", arguments: [429, 502, 503, 504])
    func unavailable(status: Int) async throws {
        try await TestCollector.run(
            .init(status: .init(code: status), headers: [.retryAfter: "7"]), .init(status: .init(code: status))
        ) { _, endpoint in
            let (told, untold) = (try await send(to: endpoint), try await send(to: endpoint))
            #expect(told == .unavailable("status \(status)", retryAfter: .seconds(7)))
            #expect(untold == .unavailable("status \(status)", retryAfter: nil))
        }
    }

    @Test("Others are refusals, a redirection, too", arguments: [301, 400, 401, 404, 413, 500, 501])
    func refused(status: Int) async throws {
        try await TestCollector.run(
            .init(status: .init(code: status), headers: [.location: "/v1/traces", .retryAfter: "7"])
        ) { collector, endpoint in
            let outcome = try await send(to: endpoint)
            #expect(outcome == .refused("status \(status)"))
            #expect(collector.requests.count == 1)
        }
    }

    @Test("What a collector did not take is told")
    func partial() async throws {
        let answer = Array(#"{"partialSuccess":{"rejectedSpans":"1","errorMessage":"too old"}}"#.utf8)
        try await TestCollector.run(.init(body: answer)) { _, endpoint in
            let outcome = try await send(to: endpoint) { $0.encoding = .json }
            #expect(outcome == .taken(PartialSuccess(json: answer)))
            #expect(outcome != .taken(nil))
        }
    }

    @Test("A collector that does not answer is not available when the time is over")
    func timeout() async throws {
        let gate = Gate()
        try await TestCollector.run(.init(gate: gate), .init(gate: gate)) { _, endpoint in
            defer { gate.open() }
            for (timeout, limit) in [
                (Duration.milliseconds(50), Duration.seconds(60)), (.seconds(60), .milliseconds(50)),
            ] {
                let outcome = try await within(.seconds(20)) {
                    try await send(to: endpoint, within: limit) { $0.timeout = timeout }
                }
                guard case .unavailable(_, nil) = outcome else {
                    Issue.record("\(outcome)")
                    continue
                }
            }
        }
    }

    @Test("Where nobody listens there is no collector")
    func absent() async throws {
        let outcome = try await within(.seconds(20)) { try await send(to: "http://127.0.0.1:\(freePort())/v1/traces") }
        guard case .unavailable(_, nil) = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    @Test("Retry-After has seconds or a date")
    func retryAfter() throws {
        let now = Timestamp(millisecondsSinceEpoch: 784_111_767_000)
        #expect(RetryAfter.parse("120") == .seconds(120))
        #expect(RetryAfter.parse("Sun, 06 Nov 1994 08:49:37 GMT", now: now) == .seconds(10))
        #expect(RetryAfter.parse("Sun, 06 Nov 1994 08:49:17 GMT", now: now) == .zero)
        #expect(RetryAfter.parse("86400") == .seconds(300))
        #expect(RetryAfter.parse("soon") == nil)
    }
}
