// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import HTTPTypes
internal import Hummingbird
internal import ServiceKit

/// A file of the page, built into the program.
struct ConsoleAsset: Sendable {
    private let type: String
    private let body: ByteBuffer
    private let tag: String

    private init(_ bytes: [UInt8], _ type: String) {
        self.type = type
        body = ByteBuffer(bytes: bytes)
        // FNV-1a: the tag changes with the content, and nobody gains by forging it.
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        tag = EntityTag(version: Int64(hash >> 1)).text
    }

    private static let html = "text/html; charset=utf-8"
    private static let script = "text/javascript; charset=utf-8"

    /// The page itself.
    static let page = ConsoleAsset(PackageResources.console_html, html)

    /// What the page loads, by the names that it gives them.
    static let files: [String: ConsoleAsset] = [
        "console.css": ConsoleAsset(PackageResources.console_css, "text/css; charset=utf-8"),
        "console.svg": ConsoleAsset(PackageResources.console_svg, "image/svg+xml"),
        "console.js": ConsoleAsset(PackageResources.console_js, script),
        "dom.js": ConsoleAsset(PackageResources.dom_js, script),
        "flow.js": ConsoleAsset(PackageResources.flow_js, script),
        "entity.js": ConsoleAsset(PackageResources.entity_js, script),
        "letters.js": ConsoleAsset(PackageResources.letters_js, script),
        "projections.js": ConsoleAsset(PackageResources.projections_js, script),
    ]

    /// Nothing is loaded or run but what comes from here, nothing is asked of anybody else, and no other page may frame it
    /// (CSP Level 3).
    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self'",
        "base-uri 'none'",
        "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
    ].joined(separator: "; ")

    var response: Response {
        Response(
            status: .ok,
            headers: [
                .contentType: type, .eTag: tag, .cacheControl: "no-cache", .contentSecurityPolicy: Self.policy,
                .xContentTypeOptions: "nosniff",
            ], body: .init(byteBuffer: body))
    }
}
