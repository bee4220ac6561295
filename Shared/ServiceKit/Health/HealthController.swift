// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import HTTPTypes
internal import Hummingbird

/// `GET /live`, `GET /ready` and `GET /health`.
struct HealthController {
    /// The routes that anybody may ask at any time: who asks them has no other way to learn how the service is.
    static let routes: Set<String> = ["/live", "/ready", "/health"]
    /// The routes for who watches over the service, which are asked every few seconds: answered however many clients there
    /// are, limited by no rate, and not traced. Figures are not for everybody: ``Admission`` is asked about these.
    static let probes = routes.union(["/metrics"])

    /// Whether a request's target is one of ``probes``.
    static func isProbe(_ target: String?) -> Bool {
        guard let path = target?.prefix(while: { $0 != "?" }) else { return false }
        return probes.contains(String(path))
    }

    let name: String
    let health: Health

    func addRoutes(to router: Router<ServiceRequestContext>) {
        let (name, health) = (name, health)
        router.get("/live") { _, _ in
            Response.json(headers: [.cacheControl: "no-store"]) { json in
                json.beginObject()
                json.member("live", true)
                json.endObject()
            }
        }
        router.get("/ready") { _, _ in answer(await health.report()) { $1.write(to: &$0) } }
        router.get("/health") { _, _ in
            answer(await health.report()) { json, report in
                json.beginObject()
                json.member("service", name)
                json.member("version", projectVersion)
                report.writeMembers(to: &json, isTimed: true)
                json.endObject()
            }
        }
    }
}

/// 200 for a service that is ready, else 503.
private func answer(_ report: HealthReport, _ write: (inout JSONWriter, HealthReport) -> Void) -> Response {
    .json(report.isReady ? .ok : .serviceUnavailable, headers: [.cacheControl: "no-store"]) { write(&$0, report) }
}
