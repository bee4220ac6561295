// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import NIOHTTP1

/// The head of a request of which nothing but its path, its body and its identity matters.
struct PlainRequest {
    /// Which of the routes it is for.
    let route: Int
    /// See ``HotRequest/segment``.
    let segment: String
    let requestID: String?
    /// The caller's place in a trace.
    let trace: TraceCarrier

    /// - Returns: `nil` for a request that is for none of the routes, or has anything that we do not know to be without meaning
    ///   there.
    init?(_ head: HTTPRequestHead, for routes: [HotRoute]) {
        guard head.version == .http1_1, head.method == .GET || head.method == .POST else { return nil }
        let isPost = head.method == .POST
        var match: (route: Int, segment: String)?
        for (number, route) in routes.enumerated() where route.isPost == isPost {
            guard let segment = route.segment(of: head.uri) else { continue }
            match = (number, segment)
            break
        }
        guard let match else { return nil }
        var (hosts, contentTypes, contentLengths) = (0, 0, 0)
        var requestID: String?
        var trace = TraceCarrier(traceParent: nil)
        for (name, value) in head.headers {
            // White space behind a value is none of it (RFC 9110 §5.5), but SwiftNIO leaves it there.
            guard value.utf8.last != UInt8(ascii: " "), value.utf8.last != UInt8(ascii: "\t") else { return nil }
            switch Self.known[name.lowercasedASCII()] {
            case .host where HostField.isValid(value): hosts += 1
            case .requestID where requestID == nil: requestID = value
            case .traceParent where trace.traceParent == nil: trace.traceParent = value
            // Several fields are one list (W3C Trace Context §3.3.1).
            case .traceState: trace.traceState = trace.traceState.map { "\($0), \(value)" } ?? value
            case .keepAlive where value.lowercasedASCII() == "keep-alive": break
            case .contentType where value.lowercasedASCII() == "application/json": contentTypes += 1
            // Whatever it says, the body ends where the decoder says so.
            case .contentLength: contentLengths += 1
            case .meaningless: break
            default: return nil
            }
        }
        // RFC 9112 §3.2: exactly one host, or the answer is 400.
        let expected = isPost ? 1 : 0
        guard hosts == 1, contentTypes == expected, contentLengths == expected else { return nil }
        (route, segment) = match
        self.requestID = requestID
        self.trace = trace
    }

    private enum Field {
        case host, requestID, traceParent, traceState, keepAlive, contentType, contentLength, meaningless
    }

    /// What clients and proxies send with every request. We have one representation, and no caches to control.
    private static let known: [String: Field] = [
        "host": .host, "x-request-id": .requestID, "traceparent": .traceParent, "tracestate": .traceState,
        "connection": .keepAlive,
        "content-type": .contentType, "content-length": .contentLength,
        "accept": .meaningless, "accept-encoding": .meaningless, "accept-language": .meaningless,
        "cache-control": .meaningless, "forwarded": .meaningless, "pragma": .meaningless, "referer": .meaningless,
        "user-agent": .meaningless, "via": .meaningless, "x-forwarded-for": .meaningless,
        "x-forwarded-host": .meaningless, "x-forwarded-port": .meaningless, "x-forwarded-proto": .meaningless,
        "x-real-ip": .meaningless,
    ]
}
