// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import HTTPTypes

extension HTTPField.Name {
    /// `X-Request-ID`
    public static let requestID = HTTPField.Name(checked: "X-Request-ID")
    /// `traceparent` (W3C Trace Context)
    public static let traceParent = HTTPField.Name(checked: "traceparent")
    /// `tracestate` (W3C Trace Context)
    static let traceState = HTTPField.Name(checked: "tracestate")
    /// `Idempotency-Key`
    public static let idempotencyKey = HTTPField.Name(checked: "Idempotency-Key")
    /// `Prefer` (RFC 7240)
    public static let prefer = HTTPField.Name(checked: "Prefer")
    /// `Preference-Applied` (RFC 7240)
    public static let preferenceApplied = HTTPField.Name(checked: "Preference-Applied")
    /// `Cache-Status` (RFC 9211)
    public static let cacheStatus = HTTPField.Name(checked: "Cache-Status")
    /// `Last-Event-ID` (WHATWG HTML, "Server-sent events")
    public static let lastEventID = HTTPField.Name(checked: "Last-Event-ID")

    /// `Sec-Fetch-Site` (W3C Fetch Metadata Request Headers)
    public static let secFetchSite = HTTPField.Name(checked: "Sec-Fetch-Site")
    /// `X-Requested-With`: what scripts say, and forms cannot
    public static let requestedWith = HTTPField.Name(checked: "X-Requested-With")

    /// `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11)
    static let rateLimit = HTTPField.Name(checked: "RateLimit")
    /// `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-11)
    static let rateLimitPolicy = HTTPField.Name(checked: "RateLimit-Policy")
    /// `Forwarded` (RFC 7239)
    static let forwarded = HTTPField.Name(checked: "Forwarded")
    /// `X-Forwarded-For`
    static let xForwardedFor = HTTPField.Name(checked: "X-Forwarded-For")
    /// `Accept-Post` (W3C Linked Data Platform)
    static let acceptPost = HTTPField.Name(checked: "Accept-Post")
    /// `Accept-Patch` (RFC 5789)
    static let acceptPatch = HTTPField.Name(checked: "Accept-Patch")

    /// - Precondition: `name` is a token (RFC 9110 §5.1); all callers pass literals.
    private init(checked name: String) {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is not a field name") }
        self = name
    }
}
