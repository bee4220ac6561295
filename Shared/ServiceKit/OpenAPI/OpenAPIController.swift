// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import HTTPTypes
public import Hummingbird

/// `GET /openapi.json`, and `GET /docs`, a page that shows it and sends requests.
///
///     router.addRoutes(OpenAPIController(document: OpenAPIDocument(PackageResources.openapi_json)).routes)
public struct OpenAPIController: Sendable {
    private let document: ByteBuffer

    /// Serves a document.
    public init(document: OpenAPIDocument) { self.document = ByteBuffer(bytes: document.json) }

    /// The two routes.
    public var routes: RouteCollection<ServiceRequestContext> {
        let routes = RouteCollection(context: ServiceRequestContext.self)
        let document = document
        routes.get("openapi.json") { _, _ in
            // A new version of the service may have another document: caches ask each time.
            Response(
                status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-cache"],
                body: .init(byteBuffer: document))
        }
        routes.get("docs") { _, _ in DocsPage() }
        return routes
    }
}
