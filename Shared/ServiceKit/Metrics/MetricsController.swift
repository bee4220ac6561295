// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// `GET /metrics`: in OpenMetrics for who asks for it, else in Prometheus' text format.
struct MetricsController {
    let metrics: PrometheusMetrics
    let health: Health

    func addRoutes(to router: Router<ServiceRequestContext>) {
        let (metrics, health) = (metrics, health)
        router.get("/metrics") { request, _ in
            // Asked now, so that what is shown is never older than the scrape.
            HealthMetrics(factory: metrics).record(await health.report())
            let format = ExpositionFormat(accept: request.headers[values: .accept].joined(separator: ","))
            return Response(
                status: .ok,
                headers: [.contentType: format.contentType, .cacheControl: "no-store", .vary: "Accept"],
                body: .init(byteBuffer: ByteBuffer(bytes: metrics.render(format))))
        }
    }
}
