// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import HTTPTypes
internal import Hummingbird

/// `GET /live` and `GET /ready`.
struct HealthController {
    let health: Health

    func addRoutes(to router: Router<ServiceRequestContext>) {
        let health = health
        router.get("/live") { _, _ in
            Response.json(headers: [.cacheControl: "no-store"]) { json in
                json.beginObject()
                json.member("live", true)
                json.endObject()
            }
        }
        router.get("/ready") { _, _ in
            let report = await health.report()
            return Response.json(
                report.isReady ? .ok : .serviceUnavailable, headers: [.cacheControl: "no-store"]
            ) { report.write(to: &$0) }
        }
    }
}
