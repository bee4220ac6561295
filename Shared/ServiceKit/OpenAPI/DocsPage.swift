// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import HTTPTypes
internal import Hummingbird

/// The page at `/docs`: `docs.html`, which loads nothing but `/openapi.json` and calls nothing but its own service.
struct DocsPage: ResponseGenerator {
    private static let page = String(decoding: PackageResources.docs_html, as: UTF8.self)

    func response(from request: Request, context: some RequestContext) -> Response {
        // Names the one script and the one style of this answer (CSP Level 3 §8.1), so that nothing else ever runs.
        let nonce = String(UInt64.random(in: 0 ... .max), radix: 36) + String(UInt64.random(in: 0 ... .max), radix: 36)
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8",
                .cacheControl: "no-store",
                .contentSecurityPolicy: Self.policy(nonce),
                .xContentTypeOptions: "nosniff",
            ],
            body: .init(byteBuffer: ByteBuffer(string: Self.page.replacing("{nonce}", with: nonce))))
    }

    private static func policy(_ nonce: String) -> String {
        [
            "default-src 'none'", "script-src 'nonce-\(nonce)'", "style-src 'nonce-\(nonce)'", "connect-src 'self'",
            "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
        ].joined(separator: "; ")
    }
}
