// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import HTTPTypes
public import Hummingbird

/// A file of a page for browsers, built into the program.
public struct PageFile: Sendable {
    /// What the file is.
    public enum Kind: String, Sendable {
        /// The page itself.
        case page = "text/html; charset=utf-8"
        /// How it looks.
        case style = "text/css; charset=utf-8"
        /// What it does.
        case script = "text/javascript; charset=utf-8"
        /// A picture.
        case picture = "image/svg+xml"
    }

    private let kind: Kind
    private let body: ByteBuffer
    private let tag: String

    /// Takes a file.
    public init(_ bytes: [UInt8], _ kind: Kind) {
        self.kind = kind
        body = ByteBuffer(bytes: bytes)
        // FNV-1a: the tag changes with the content, and nobody gains by forging it.
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        tag = EntityTag(version: Int64(hash >> 1)).text
    }

    /// Nothing is loaded or run but what comes from here, nothing is asked of anybody else, and no other page may frame it
    /// (CSP Level 3).
    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self'",
        "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
    ].joined(separator: "; ")

    /// The file as an answer, with an entity tag: browsers ask each time whether theirs is still right.
    public var response: Response {
        Response(
            status: .ok,
            headers: [
                .contentType: kind.rawValue, .eTag: tag, .cacheControl: "no-cache",
                .contentSecurityPolicy: Self.policy, .xContentTypeOptions: "nosniff",
            ], body: .init(byteBuffer: body))
    }
}
