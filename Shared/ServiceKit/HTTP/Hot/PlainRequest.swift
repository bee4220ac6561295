// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import NIOHTTP1

/// A request of which nothing but its path and its identity matters.
struct PlainRequest {
    let identity: RequestIdentity

    /// - Returns: `nil` for a request that has anything that we do not know to be without meaning here.
    init?(_ head: HTTPRequestHead) {
        guard head.method == .GET, head.version == .http1_1 else { return nil }
        var hosts = 0
        var (requestID, traceParent): (String?, String?)
        for (name, value) in head.headers {
            switch Self.known[Self.lowercased(name)] {
            case .host: hosts += value.isEmpty ? 0 : 1
            case .requestID where requestID == nil: requestID = value
            case .traceParent where traceParent == nil: traceParent = value
            case .keepAlive where Self.lowercased(value) == "keep-alive": break
            case .meaningless: break
            default: return nil
            }
        }
        // RFC 9112 §3.2: exactly one, or the answer is 400.
        guard hosts == 1 else { return nil }
        identity = RequestIdentity(
            requestID: requestID, traceParent: traceParent, newID: TraceParent.randomTraceID())
    }

    private enum Field {
        case host, requestID, traceParent, keepAlive, meaningless
    }

    /// What clients and proxies send with every request. We have one representation, and no caches to control.
    private static let known: [String: Field] = [
        "host": .host, "x-request-id": .requestID, "traceparent": .traceParent, "connection": .keepAlive,
        "accept": .meaningless, "accept-encoding": .meaningless, "accept-language": .meaningless,
        "cache-control": .meaningless, "forwarded": .meaningless, "pragma": .meaningless, "referer": .meaningless,
        "tracestate": .meaningless, "user-agent": .meaningless, "via": .meaningless, "x-forwarded-for": .meaningless,
        "x-forwarded-host": .meaningless, "x-forwarded-port": .meaningless, "x-forwarded-proto": .meaningless,
        "x-real-ip": .meaningless,
    ]

    private static func lowercased(_ text: String) -> String {
        text.utf8.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) } ? text.lowercased() : text
    }
}
