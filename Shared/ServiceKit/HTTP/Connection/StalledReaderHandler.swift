// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import NIOCore

/// Closes a connection whose client does not read its answer: it must not hold its place for ever, nor hold up the stop.
///
/// It stands behind ``ConnectionGuard``, where no hot request passes. Confined to the channel's event loop.
final class StalledReaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    /// How long a client may leave the connection full.
    private var limit: Duration
    private var end: Scheduled<Void>?

    init(limit: Duration) { self.limit = limit }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        watch(context)
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            limit = min(limit, ConnectionGuard.patienceAtStop)
            watch(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end?.cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end?.cancel() }

    private func watch(_ context: ChannelHandlerContext) {
        end?.cancel()
        guard !context.channel.isWritable else { return }
        end = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limit)) { context.close(promise: nil) }
    }
}
