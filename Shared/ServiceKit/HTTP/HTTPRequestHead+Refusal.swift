// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import NIOHTTP1

extension HTTPRequestHead {
    /// Why a request must not be processed; `nil` for one that may. SwiftNIO has checked its syntax.
    var refusal: ProblemType? {
        // A tunnel (RFC 9110 §9.3.6): what follows would be no HTTP.
        if method == .CONNECT { return .notImplemented }
        return framingRefusal ?? (hasValidHost && hasValidTarget ? nil : .malformedRequest)
    }

    /// RFC 9112 §6.1 and §6.3.
    private var framingRefusal: ProblemType? {
        let codings = headers[canonicalForm: "Transfer-Encoding"].map { $0.lowercased() }
        guard headers.contains(name: "Transfer-Encoding") else { return nil }
        // HTTP/1.0 does not know the field; with a length beside it somebody is being deceived (§11.2).
        guard version != .http1_0, !headers.contains(name: "Content-Length"), codings.last == "chunked",
            codings.count(where: { $0 == "chunked" }) == 1
        else { return .malformedRequest }
        return codings.count == 1 ? nil : .notImplemented
    }

    /// RFC 9112 §3.2: one, and HTTP/1.0 may do without.
    private var hasValidHost: Bool {
        let hosts = headers["Host"]
        guard let host = hosts.first else { return version == .http1_0 }
        return hosts.count == 1 && HostField.isValid(host)
    }

    /// RFC 9112 §3.2: a path, a URL, or `*` for `OPTIONS`. The URL's authority counts in place of `Host`; we look at
    /// neither.
    private var hasValidTarget: Bool {
        if uri.utf8.first == UInt8(ascii: "/") { return true }
        if uri == "*" { return method == .OPTIONS }
        let scheme = uri.prefix(8).lowercased()
        return scheme.hasPrefix("http://") || scheme.hasPrefix("https://")
    }
}
