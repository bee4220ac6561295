// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import HTTPTypes
public import Hummingbird
internal import HummingbirdCore
public import Logging
internal import Metrics
internal import NIOCore

/// The HTTP side of a service: a router that has the shared middleware and routes, and the server for it.
///
///     let http = HTTPService(configuration: configuration, health: health, metrics: metrics, logger: logger)
///     let router = http.makeRouter()
///     UsersController(...).addRoutes(to: router)
///     let application = http.makeApplication(router: router)
///
/// The middleware, outermost first: request id, metrics and access log; problems. Every router has `GET /live`,
/// `GET /ready` and `GET /metrics`.
public struct HTTPService: Sendable {
    private let configuration: HTTPConfiguration
    private let health: Health
    private let metrics: PrometheusMetrics
    private let httpMetrics: HTTPMetrics
    private let logger: Logger
    private let routes = RouteTable()
    /// What errors become, for handlers that report one within their answer.
    public let problems: ProblemTranslator

    /// Puts the parts together.
    ///
    /// - Parameter describe: what the service's own errors become; `nil` for an unknown error, which is answered with a
    ///   bare 500 and logged by its type alone.
    public init(
        configuration: HTTPConfiguration, health: Health, metrics: PrometheusMetrics, logger: Logger,
        describe: @escaping @Sendable (any Error) -> ProblemDetails? = { _ in nil }
    ) {
        self.configuration = configuration
        self.health = health
        self.metrics = metrics
        self.logger = logger
        problems = ProblemTranslator(describe: describe)
        httpMetrics = HTTPMetrics(factory: metrics)
    }

    /// A router with everything shared. `HEAD` is answered wherever `GET` is.
    public func makeRouter() -> Router<ServiceRequestContext> {
        let router = Router(context: ServiceRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(
            middleware: ObservationMiddleware(metrics: httpMetrics, accessLogLevel: configuration.accessLogLevel))
        router.add(middleware: ProblemMiddleware(routes: routes, problems: problems))
        HealthController(health: health).addRoutes(to: router)
        let metrics = metrics
        router.get("/metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: PrometheusMetrics.contentType, .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(bytes: metrics.render())))
        }
        return router
    }

    /// The application that serves `router` within the limits of the configuration.
    ///
    /// Call it once, after the last route was added. Give it to ``ServiceRunner``, which stops it first.
    ///
    /// - Parameters:
    ///   - hot: a route of the router that may be answered before it, unless each request is to be logged.
    ///   - onListening: called with the port once connections are accepted.
    public func makeApplication(
        router: Router<ServiceRequestContext>, hot: HotRoute? = nil,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> Application<RouterResponder<ServiceRequestContext>> {
        let responder = router.buildResponder()
        routes.set(router.routes)
        let configuration = configuration
        let httpMetrics = httpMetrics
        var channel = HTTP1Channel.Configuration(
            // The guard watches for silence, too: Hummingbird's own timer also runs while it is us who do not read.
            additionalChannelHandlers: [ConnectionGuard(configuration: configuration, metrics: httpMetrics)],
            idleTimeout: nil)
        channel.httpDecoder = .init(
            maxHeaderFieldSize: configuration.headerLimitBytes, maxHeaderListSize: configuration.headerLimitBytes,
            maxHeaderFieldCount: configuration.headerLimitFields)
        let limit = OpenFiles.bounded(configuration.maxConnections, logger: logger)
        return Application(
            responder: responder, server: server(channel, hot),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: nil, backlog: 1024,
                availableConnectionsDelegate: ConnectionLimit(
                    limit: limit, gauge: Gauge(label: "http_connections_open", factory: metrics))),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? configuration.port) },
            logger: logger)
    }

    private func server(_ configuration: HTTP1Channel.Configuration, _ hot: HotRoute?) -> HTTPServerBuilder {
        let isLogged = self.configuration.accessLogLevel.map { logger.logLevel <= $0 } ?? false
        guard let hot, !isLogged else { return .http1(configuration: configuration) }
        let shared = HotShared(route: hot, metrics: httpMetrics, problems: problems, logger: logger)
        return HTTPServerBuilder { responder in
            HotChannel(channel: HTTP1Channel(responder: responder, configuration: configuration)) {
                HotRequestHandler(route: hot, shared: shared, guardian: $0)
            }
        }
    }
}
