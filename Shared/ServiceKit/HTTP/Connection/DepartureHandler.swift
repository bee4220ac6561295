// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import NIOCore
internal import NIOHTTPTypes

/// Tells who answers a request that its client has left before the answer has ended: the client sends nothing more, or
/// the connection is gone.
///
/// It stands behind ``ConnectionGuard``, where no hot request passes. Confined to the channel's event loop.
final class DepartureHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// An outbound event: who answers the present request wants to know when its client leaves before.
    struct Departure: Sendable {
        let action: @Sendable () -> Void
    }

    private var hasDeparted = false
    /// Who wants to know, until the present answer has ended.
    private var departures: [Departure] = []

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { depart() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        depart()
        context.fireChannelInactive()
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let departure = event as? Departure else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        if hasDeparted { departure.action() } else { departures.append(departure) }
        promise?.succeed()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // Mostly nobody wants to know, and there is no need to look at what is written.
        if !departures.isEmpty, case .end = unwrapOutboundIn(data) { departures = [] }
        context.write(data, promise: promise)
    }

    private func depart() {
        hasDeparted = true
        for departure in departures { departure.action() }
        departures = []
    }
}
