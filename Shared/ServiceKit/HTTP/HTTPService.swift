// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import HTTPTypes
public import Hummingbird
internal import HummingbirdCore
public import Logging
internal import Metrics
internal import NIOCore
public import Tracing

/// The HTTP side of a service: a router that has the shared middleware and routes, and the server for it.
///
///     let http = HTTPService(
///         name: "query-api", configuration: configuration, health: health, metrics: metrics, logger: logger)
///     let router = http.makeRouter()
///     UsersController(...).addRoutes(to: router)
///     let application = http.makeApplication(router: router)
///
/// The middleware, outermost first: request id, metrics, access log and what caches may do; preflights; rate limit;
/// compression; problems; admission; conditions. Every router has `GET /`, `/live`, `/ready`, `/health` and `/metrics`.
public struct HTTPService: Sendable {
    private let name: String
    private let configuration: HTTPConfiguration
    private let health: Health
    private let metrics: PrometheusMetrics
    private let httpMetrics: HTTPMetrics
    private let logger: Logger
    private let admission: Admission?
    private let limiter: RateLimiter?
    private let crossOrigin: CrossOriginPolicy?
    private let tracing: ServerTracing?
    private let connections: ConnectionLimit
    private let streams: StreamLimit
    private let date = DateField()
    private let routes = RouteTable()
    /// What errors become, for handlers that report one within their answer.
    public let problems: ProblemTranslator

    /// Puts the parts together.
    ///
    /// - Parameters:
    ///   - name: the service, as `/` says it.
    ///   - admission: decides which requests are let in; `nil` lets all in.
    ///   - rateLimit: how many requests each client may make, probes aside; `nil` for any number.
    ///   - crossOrigin: whose pages may read the answers in a browser; `nil` for the service's own alone.
    ///   - tracer: traces requests; `nil` traces nothing.
    ///   - describe: what the service's own errors become; `nil` for an unknown error, which is answered with a bare 500 and
    ///     logged by its type alone.
    public init(
        name: String, configuration: HTTPConfiguration, health: Health, metrics: PrometheusMetrics, logger: Logger,
        admission: Admission? = nil, rateLimit: RateLimit? = nil, crossOrigin: CrossOriginPolicy? = nil,
        tracer: (any Tracer)? = nil,
        describe: @escaping @Sendable (any Error) -> ProblemDetails? = { _ in nil }
    ) {
        self.name = name
        self.configuration = configuration
        self.health = health
        self.metrics = metrics
        self.logger = logger
        problems = ProblemTranslator(describe: describe)
        httpMetrics = HTTPMetrics(factory: metrics)
        self.admission = admission
        limiter = rateLimit.map { RateLimiter($0) }
        self.crossOrigin = crossOrigin
        tracing = tracer.map { ServerTracing(tracer: $0) }
        let room = OpenFiles.bounded(configuration.maxConnections + ConnectionLimit.reserve, logger: logger)
        let limit = max(1, room - ConnectionLimit.reserve)
        connections = ConnectionLimit(limit: limit, factory: metrics)
        streams = StreamLimit(limit: min(limit, configuration.maxStreams ?? max(1, limit / 2)), factory: metrics)
    }

    /// A router with everything shared. `HEAD` is answered wherever `GET` is.
    public func makeRouter() -> Router<ServiceRequestContext> {
        let router = Router(context: ServiceRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(
            middleware: ObservationMiddleware(
                metrics: httpMetrics, streams: streams, tracing: tracing, accessLogLevel: configuration.accessLogLevel))
        if crossOrigin != nil { router.add(middleware: PreflightMiddleware(routes: routes)) }
        if let limiter { router.add(middleware: RateLimitMiddleware(limiter: limiter)) }
        router.add(middleware: CompressionMiddleware())
        router.add(middleware: ProblemMiddleware(routes: routes, problems: problems))
        if let admission { router.add(middleware: AdmissionMiddleware(admission: admission)) }
        router.add(middleware: ConditionMiddleware())
        RootController(name: name, routes: routes).addRoutes(to: router)
        HealthController(name: name, health: health).addRoutes(to: router)
        MetricsController(metrics: metrics, health: health).addRoutes(to: router)
        return router
    }

    /// The application that serves `router` within the limits of the configuration.
    ///
    /// Call it once, after the last route was added. Give it to ``ServiceRunner``, which stops it first.
    ///
    /// - Parameters:
    ///   - hot: routes of the router that may be answered before it, unless each request is to be logged.
    ///   - onListening: called with the port once connections are accepted, for each address.
    public func makeApplication(
        router: Router<ServiceRequestContext>, hot: [HotRoute] = [],
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> HTTPApplication {
        let responder = router.buildResponder()
        routes.set(router.routes)
        let configuration = configuration
        let (httpMetrics, connections, date) = (httpMetrics, connections, date)
        var channel = HTTP1Channel.Configuration(
            // The guard watches for silence, too: Hummingbird's own timer also runs while it is us who do not read.
            additionalChannelHandlers: [
                ConnectionGuard(
                    configuration: configuration, metrics: httpMetrics, connections: connections, date: date),
                DepartureHandler(), StalledReaderHandler(limit: configuration.idleTimeout),
            ],
            idleTimeout: nil)
        channel.httpDecoder = .init(
            maxHeaderFieldSize: configuration.headerLimitBytes, maxHeaderListSize: configuration.headerLimitBytes,
            maxHeaderFieldCount: configuration.headerLimitFields)
        // Each free port would be another one.
        let hosts = configuration.port == 0 ? Array(configuration.addresses.prefix(1)) : configuration.addresses
        let addresses = hosts.map { BindAddress.hostname($0, port: configuration.port) }
        return HTTPApplication(
            responder: responder, server: server(channel, hot),
            configuration: ApplicationConfiguration(
                address: addresses.first ?? .hostname(port: configuration.port), serverName: nil, backlog: 1024,
                availableConnectionsDelegate: connections),
            logger: logger, addresses: addresses,
            onListening: { channel in
                connections.add(listener: channel)
                await onListening(channel.localAddress?.port ?? configuration.port)
            })
    }

    private func server(_ configuration: HTTP1Channel.Configuration, _ hot: [HotRoute]) -> HTTPServerBuilder {
        let isLogged = self.configuration.accessLogLevel.map { logger.logLevel <= $0 } ?? false
        let shared = hot.map { route in
            HotShared(
                route: route, metrics: httpMetrics, date: date, limiter: limiter, crossOrigin: crossOrigin,
                admission: admission, problems: problems, tracing: tracing, logger: logger)
        }
        let makeHotHandler: (@Sendable (ConnectionGuard) -> HotRequestHandler)? =
            isLogged || hot.isEmpty
            ? nil : { @Sendable guardian in HotRequestHandler(routes: hot, shared: shared, guardian: guardian) }
        return HTTPServerBuilder { [crossOrigin] responder in
            ServiceChannel(
                channel: HTTP1Channel(responder: responder, configuration: configuration),
                makeHotHandler: makeHotHandler, crossOrigin: crossOrigin)
        }
    }
}
