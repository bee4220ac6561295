// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import DequeModule
internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

/// Adds to answers what ``CrossOriginPolicy`` says: to all of a connection but those of the ``HotRequestHandler``, which passes
/// requests with an `Origin` on and adds the rest itself.
///
/// Confined to the channel's event loop.
final class CrossOriginHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let policy: CrossOriginPolicy
    /// Of requests without the end of an answer, the oldest first.
    private var origins: Deque<String?> = []

    init(policy: CrossOriginPolicy) { self.policy = policy }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) { origins.append(head.headers.first(name: "Origin")) }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.code >= 200:
            // What is no request has an answer, too.
            for field in policy.fields(for: origins.first ?? nil) {
                head.headers.add(name: field.name.rawName, value: field.value)
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            _ = origins.popFirst()
            context.write(data, promise: promise)
        default:
            context.write(data, promise: promise)
        }
    }
}
