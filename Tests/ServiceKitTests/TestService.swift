// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Tracing

@testable import ServiceKit

/// A service with a few routes, as an executable would build one.
struct TestService {
    var configuration = HTTPConfiguration(port: 0)
    var health = Health([])
    var metrics = PrometheusMetrics()
    /// What `/slow` waits for.
    var slow: @Sendable () async throws -> Void = { try await Task.sleep(for: .milliseconds(300)) }
    /// Called when `/endless` cannot write any more.
    var onEndlessEnd: @Sendable () -> Void = {}
    /// What `/stream` waits for before it reads.
    var beforeBody: @Sendable () async -> Void = {}
    /// What may be answered before the router.
    var hot: HotRoute?
    /// What decides who is let in.
    var admission: Admission?
    /// How many requests a client may make.
    var rateLimit: RateLimit?
    /// Whose pages may read the answers.
    var crossOrigin: CrossOriginPolicy?
    /// What traces requests.
    var tracer: (any Tracer)?
    let logger: Logger

    init(_ change: (inout HTTPConfiguration) -> Void = { _ in }) {
        change(&configuration)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        self.logger = logger
    }

    func application(
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> HTTPApplication {
        let http = HTTPService(
            name: "test", configuration: configuration, health: health, metrics: metrics, logger: logger,
            admission: admission, rateLimit: rateLimit, crossOrigin: crossOrigin, tracer: tracer,
            describe: {
                $0 is TeapotError ? ProblemDetails(.init("/problems/teapot", status: .imATeapot, title: "Tea")) : nil
            })
        let router = http.makeRouter()
        router.post("/people") { request, _ in
            var fields = try await request.readJSONFields()
            let name = fields.string("name")
            _ = fields.optionalString("email")
            try fields.finish()
            return Response.json(.accepted) { json in
                json.beginObject()
                json.member("name", name ?? "")
                json.endObject()
            }
        }
        router.get("/people/{email}") { _, context in context.parameters.get("email") ?? "" }
        router.post("/people/import") { _, _ in "done" }
        router.get("/trace") { _, context in context.trace.traceID }
        router.get("/fails") { _, _ -> String in throw SecretError(text: "ada@example.org") }
        router.get("/tea") { _, _ -> String in throw TeapotError() }
        router.get("/slow") { [slow] _, _ in
            try await slow()
            return "done"
        }
        router.post("/stream") { [beforeBody] request, context in
            context.allowReceiving(for: .seconds(30))
            await beforeBody()
            var count = 0
            for try await part in request.body { count += part.readableBytes }
            return "\(count)"
        }
        router.get("/long") { _, _ in String(repeating: "0123456789", count: 1000) }
        router.get("/tagged") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json", .eTag: "\"1\""],
                body: .init(byteBuffer: ByteBuffer(string: String(repeating: "1", count: 10_000))))
        }
        router.get("/stream") { _, context in
            Response.events(Endless(), in: try context.takeStreamPlace())
        }
        router.post("/lines") { request, context in
            Response.ndjson(answering: request.body, in: try context.takeStreamPlace(), lineLimit: 8) { line in
                guard case .text(let text) = line.content else { return Array("null".utf8) }
                return Array("\"\(line.number): \(String(decoding: text, as: UTF8.self))\"".utf8)
            }
        }
        router.get("/endless") { [ended = onEndlessEnd] _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    defer { ended() }
                    let part = ByteBuffer(repeating: 0, count: 64 << 10)
                    while true { try await writer.write(part) }
                })
        }
        return http.makeApplication(router: router, hot: hot.map { [$0] } ?? [], onListening: onListening)
    }
}

/// An error whose text must never be seen.
struct SecretError: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
}

struct TeapotError: Error {}

extension HTTPResponse.Status {
    static var imATeapot: Self { .init(code: 418, reasonPhrase: "I'm a teapot") }
}
