// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AsyncHTTPClient
internal import Essentials
internal import Gzip
internal import NIOCore
internal import NIOHTTP1

/// Sends spans by OTLP/HTTP (https://opentelemetry.io/docs/specs/otlp/, "OTLP/HTTP Request" and "Response").
struct HTTPSpanSender: SpanSender {
    private let client: HTTPClient
    private let configuration: ExporterConfiguration
    private let resource: TracedResource

    init(client: HTTPClient, configuration: ExporterConfiguration, resource: TracedResource) {
        self.client = client
        self.configuration = configuration
        self.resource = resource
    }

    /// How a client for this is made: one that does not trace itself, for each export would cause the next.
    static func clientConfiguration(_ configuration: ExporterConfiguration) -> HTTPClient.Configuration {
        var client = HTTPClient.Configuration(
            tlsConfiguration: configuration.tls, redirectConfiguration: .disallow)
        client.tracing.tracer = nil
        client.connectionPool.retryConnectionEstablishment = false
        client.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1
        client.httpVersion = .http1Only
        return client
    }

    func send(_ batch: [SpanData], within limit: Duration) async -> SendOutcome {
        do {
            let response = try await client.execute(
                try request(for: batch), deadline: .now() + TimeAmount(min(limit, configuration.timeout)))
            let body = try await response.body.collect(upTo: 64 << 10)
            return outcome(response, Array(body.readableBytesView))
        } catch let error as HTTPClientError {
            return .unavailable(error.shortDescription, retryAfter: nil)
        } catch {
            return .unavailable(String(describing: type(of: error)), retryAfter: nil)
        }
    }

    private func request(for batch: [SpanData]) throws -> HTTPClientRequest {
        let message = TraceRequest(resource: resource, spans: batch)
        var request = HTTPClientRequest(url: configuration.endpoint)
        request.method = .POST
        request.headers.add(name: "User-Agent", value: "OTLP-Exporter-\(TracedResource.library)")
        for (name, value) in configuration.headers { request.headers.replaceOrAdd(name: name, value: value) }
        let content: [UInt8]
        switch configuration.encoding {
        case .protobuf:
            content = message.encoded(by: ProtobufWriter.self)
            request.headers.replaceOrAdd(name: "Content-Type", value: "application/x-protobuf")
        case .json:
            content = message.encoded(by: JSONMessageWriter.self)
            request.headers.replaceOrAdd(name: "Content-Type", value: "application/json")
        }
        var body = ByteBuffer(bytes: content)
        if configuration.compression == .gzip {
            body = try Gzip.compress(body)
            request.headers.replaceOrAdd(name: "Content-Encoding", value: "gzip")
        }
        request.body = .bytes(body)
        return request
    }

    private func outcome(_ response: HTTPClientResponse, _ body: [UInt8]) -> SendOutcome {
        switch response.status.code {
        case 200..<300:
            return .taken(
                configuration.encoding == .json ? PartialSuccess(json: body) : PartialSuccess(protobuf: body))
        // "Failures": these and no others may be repeated.
        case 429, 502, 503, 504:
            return .unavailable(
                "status \(response.status.code)",
                retryAfter: response.headers.first(name: "Retry-After").flatMap { RetryAfter.parse($0) })
        default:
            return .refused("status \(response.status.code)")
        }
    }
}
