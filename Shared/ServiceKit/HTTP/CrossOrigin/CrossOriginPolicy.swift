// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Configuration
internal import HTTPTypes

/// Whose pages may read the answers in a browser (Fetch standard, "CORS protocol"). Credentials never go along: none are
/// wanted that a browser adds by itself.
public struct CrossOriginPolicy: Sendable, Hashable {
    private enum Origins: Hashable {
        case any
        case listed(Set<String>)
    }

    private let origins: Origins

    /// Reads from a reader that is not scoped; `nil` when there is nobody.
    ///
    /// - `corsOrigins` (`CORS_ORIGINS`, origins such as https://shop.example with commas between them, or `*` for all;
    ///   default none)
    ///
    /// - Throws: ``ConfigurationError`` with the name of the variable.
    public init?(reader: ConfigReader) throws(ConfigurationError) {
        let listed = try reader.list("corsOrigins")
        guard !listed.isEmpty else { return nil }
        if listed == ["*"] {
            origins = .any
            return
        }
        for origin in listed where !Self.isOrigin(origin) {
            throw ConfigurationError(
                name: reader.environmentName("corsOrigins"),
                problem:
                    "has \"\(origin.prefix(64))\", which is no origin as browsers write it, such as https://shop.example"
            )
        }
        origins = .listed(Set(listed))
    }

    /// What every answer says, whoever has asked: caches must know that it is another one for others (Fetch standard, "CORS
    /// protocol and HTTP caches").
    ///
    /// - Parameter origin: the request's, if it has one.
    func fields(for origin: String?) -> HTTPFields {
        switch origins {
        case .any:
            return [.accessControlAllowOrigin: "*", .accessControlExposeHeaders: Self.exposedFields]
        case .listed(let origins):
            guard let origin, origins.contains(origin) else { return [.vary: "Origin"] }
            return [
                .vary: "Origin", .accessControlAllowOrigin: origin, .accessControlExposeHeaders: Self.exposedFields,
            ]
        }
    }

    /// What the answer to a preflight says besides.
    static func preflightFields(methods: [String]) -> HTTPFields {
        [
            .accessControlAllowMethods: methods.joined(separator: ", "),
            .accessControlAllowHeaders: requestFields,
            // Two hours, the most that Chromium takes.
            .accessControlMaxAge: "7200",
        ]
    }

    /// Those that the APIs read and that a page may not send without asking.
    private static let requestFields = [
        "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Last-Event-ID", "Prefer", "traceparent",
        "tracestate", "X-Request-ID",
    ].joined(separator: ", ")

    /// Those that answers have and that a page may not see without this.
    private static let exposedFields = [
        "Accept-Encoding", "Accept-Patch", "Accept-Post", "Allow", "Cache-Status", "ETag", "Location",
        "Preference-Applied", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID",
    ].joined(separator: ", ")

    /// Whether a text can be what a browser sends (HTML standard, "serialization of an origin"): a scheme, a host in lower case
    /// and without characters beyond ASCII, a port unless it is the scheme's own, nothing behind. Not `null`, which many are.
    private static func isOrigin(_ text: String) -> Bool {
        guard
            let match = text.wholeMatch(
                of: /([a-z][a-z0-9+.-]*):\/\/(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?/)
        else { return false }
        return match.2 == nil || match.2 != (match.1 == "https" ? "443" : match.1 == "http" ? "80" : nil)
    }
}
