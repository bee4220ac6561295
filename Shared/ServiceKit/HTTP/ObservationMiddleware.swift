// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// The outermost middleware: names the request, measures and traces it, and writes the access log. What an answer does not say
/// about caches it says here.
///
/// The log has the route's template and never the path, which may hold an e-mail address.
struct ObservationMiddleware: RouterMiddleware {
    /// The context of the routes.
    typealias Context = ServiceRequestContext

    private let metrics: HTTPMetrics
    private let streams: StreamLimit
    private let tracing: ServerTracing?
    private let accessLogLevel: Logger.Level?

    init(metrics: HTTPMetrics, streams: StreamLimit, tracing: ServerTracing?, accessLogLevel: Logger.Level?) {
        self.metrics = metrics
        self.streams = streams
        self.tracing = tracing
        self.accessLogLevel = accessLogLevel
    }

    /// Answers with the header `X-Request-ID`.
    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.span = tracing?.begin(
            "\(HTTPMetrics.name(of: request.method)) \(context.route)", route: context.route,
            caller: TraceCarrier(
                traceParent: request.headers[.traceParent], traceState: request.headers[.traceState]))
        identify(&context, request)
        context.streams = streams
        let start = ContinuousClock.now
        metrics.requestStarted()
        defer { metrics.requestEnded() }
        do {
            var response = try await next(request, context)
            response.headers[.requestID] = context.requestID
            if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = CachePolicy.usual }
            finish(request, context, response.status.code, start)
            return response
        } catch {
            // Only what ends the connection comes here: bytes that are no HTTP, or a request that took too long.
            finish(request, context, HTTPResponse.Status.badRequest.code, start)
            throw error
        }
    }

    private func identify(_ context: inout Context, _ request: Request) {
        let identity = RequestIdentity(
            requestID: request.headers[.requestID], traceParent: request.headers[.traceParent],
            own: context.span?.place, newID: context.trace.traceID)
        context.requestID = identity.requestID
        if identity.trace != nil { context.trace = identity.place }
        context.logger[metadataKey: "hb.request.id"] = .string(context.requestID)
    }

    private func finish(_ request: Request, _ context: Context, _ status: Int, _ start: ContinuousClock.Instant) {
        let duration = ContinuousClock.now - start
        let method = HTTPMetrics.name(of: request.method)
        context.span.within {
            metrics.record(method: method, route: context.route, status: status, duration: duration)
        }
        context.span?.end(method: method, route: context.route, status: status)
        guard let accessLogLevel else { return }
        context.logger.log(
            level: accessLogLevel, "request",
            metadata: [
                "method": .string(method), "route": .string(context.route), "status": "\(status)",
                "durationMs": .string(milliseconds(duration)),
            ])
    }

    private func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        let fraction = String(microseconds % 1000)
        return "\(microseconds / 1000).\(String(repeating: "0", count: 3 - fraction.utf8.count))\(fraction)"
    }
}
