// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import HTTPTypes
internal import Hummingbird

/// `GET /`: what the service is, and where it tells more.
struct RootController {
    private static let links = [
        ("docs", "/docs"), ("openapi", "/openapi.json"), ("health", "/health"), ("ready", "/ready"), ("live", "/live"),
        ("metrics", "/metrics"), ("graphql", "/graphql"), ("console", "/console"),
    ]

    let name: String
    let routes: RouteTable

    func addRoutes(to router: Router<ServiceRequestContext>) {
        let (name, routes) = (name, routes)
        router.get("/") { _, _ in
            Response.json(headers: [.cacheControl: "no-cache"]) { json in
                json.beginObject()
                json.member("service", name)
                json.member("version", projectVersion)
                json.key("links")
                json.beginObject()
                for (name, path) in Self.links where routes.has(path) { json.member(name, path) }
                json.endObject()
                json.endObject()
            }
        }
    }
}
