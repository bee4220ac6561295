// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import DequeModule
internal import NIOCore
internal import NIOHTTP1

/// What RFC 9110 and RFC 9112 demand beyond what SwiftNIO and Hummingbird do; `docs/http.md` has the whole table.
///
/// It stands where requests are decoded, since what is behind knows no versions. Requests that must not be processed it
/// reports as an error, which ``ConnectionGuard`` makes an answer of; to the others' answers it gives the form that their
/// clients understand.
///
/// Confined to the channel's event loop.
final class RequestRules: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// A request that must not be processed, and ends its connection.
    struct Refusal: Error {
        let problem: ProblemType
    }

    /// What matters of a request for its answer.
    private struct Asked {
        let isHead: Bool
        let isHTTP10: Bool
    }

    /// Requests without the end of an answer, the oldest first.
    private var asked: Deque<Asked> = []
    private var hasRefused = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Where a refused request ends is what nobody knows.
        guard !hasRefused else { return }
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        if let problem = head.refusal {
            hasRefused = true
            return context.fireErrorCaught(Refusal(problem: problem))
        }
        let isHTTP10 = head.version == .http1_0
        asked.append(Asked(isHead: head.method == .HEAD, isHTTP10: isHTTP10))
        // RFC 9110 §10.1.1: HTTP/1.0 has no 100.
        if isHTTP10 { head.headers.remove(name: "Expect") }
        // RFC 9112 §9.3 says who wants the connection to stay; SwiftNIO's decoder stops at an offer to change the protocol,
        // which we ignore (RFC 9110 §7.8). One word for what is behind.
        if !head.isKeepAlive || head.headers.contains(name: "Upgrade") {
            head.headers.replaceOrAdd(name: "Connection", value: "close")
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.code >= 200:
            // What is no request has an answer, too.
            guard let asked = asked.first else { return context.write(data, promise: promise) }
            shape(&head, for: asked, context)
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            _ = asked.popFirst()
            context.write(data, promise: promise)
        default:
            context.write(data, promise: promise)
        }
    }

    private func shape(_ head: inout HTTPResponseHead, for asked: Asked, _ context: ChannelHandlerContext) {
        // Hummingbird takes a stream's answer to HEAD for an empty one. No length is allowed, a wrong one is not
        // (RFC 9110 §8.6).
        if asked.isHead, head.headers["Content-Length"] == ["0"] { head.headers.remove(name: "Content-Length") }
        let isOpenEnded = head.status.mayHaveResponseBody && !head.headers.contains(name: "Content-Length")
        if isOpenEnded, asked.isHead || asked.isHTTP10 {
            // SwiftNIO's encoder writes chunks, to HEAD the last one, unless the version is 1.0. The body, if there is one,
            // ends with the connection (RFC 9112 §6.3).
            head.version = .http1_0
            head.headers.replaceOrAdd(name: "Connection", value: "close")
            context.fireUserInboundEventTriggered(ConnectionGuard.LastAnswer())
        } else if asked.isHTTP10, !head.headers.contains(name: "Connection") {
            // RFC 9112 §9.3 and C.2.2: it has asked for this, or the guard would have said close.
            head.headers.add(name: "Connection", value: "keep-alive")
        }
    }
}
