// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AMQP
import CQRS
import CQRSAMQP
import Hummingbird
import Logging
import ServiceKit
import Users

/// Puts the command API together: HTTP → command handler → RabbitMQ.
func buildService(_ configuration: CommandAPIConfiguration, telemetry: Telemetry) -> RunnableService {
    let publisher = AMQPPublisher(configuration: configuration.amqp, logger: telemetry.logger(for: "amqp"))
    let health = Health([ReadinessCheck("rabbitmq") { publisher.status.readiness }])
    let application = buildApplication(
        configuration, publisher: AMQPEventPublisher(publisher: publisher, application: CommandAPI.name),
        health: health,
        telemetry: telemetry)
    return RunnableService(
        name: CommandAPI.name, health: health, logger: telemetry.logger(for: CommandAPI.name),
        parts: [UntilShutdown { try await publisher.run() }], http: application)
}

/// The HTTP side alone, over any publisher.
func buildApplication(
    _ configuration: CommandAPIConfiguration, publisher: any EventPublisher, health: Health, telemetry: Telemetry
) -> Application<RouterResponder<ServiceRequestContext>> {
    let http = HTTPService(
        configuration: configuration.http, health: health, metrics: telemetry.metrics,
        logger: telemetry.logger(for: "http"), describe: describe)
    let router = http.makeRouter()
    let users = UsersController(handler: CommandHandler(publisher: publisher), queryAPI: configuration.queryAPI)
    router.addRoutes(users.routes)
    return http.makeApplication(router: router)
}

/// What the contexts' rejections are to an HTTP client.
private func describe(_ error: any Error) -> ProblemDetails? {
    switch error {
    case let rejection as UserDecider.Rejection: ProblemDetails(rejection)
    default: nil
    }
}
