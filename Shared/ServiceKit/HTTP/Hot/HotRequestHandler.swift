// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import NIOCore
internal import NIOHTTP1

/// Answers plain requests for a ``HotRoute`` where they are decoded, on the event loop.
///
/// What is answered here takes none of the steps behind: no conversion to the types of swift-http-types, no task, no
/// router. In exchange it is for few: everything else passes on, and while a request that has passed on is unanswered, so do
/// those that follow it on its connection: answers keep the order of their requests.
///
/// Confined to the channel's event loop.
final class HotRequestHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// An inbound event: since the last read has completed, requests have been answered here.
    struct Answered: Sendable {}

    private let route: HotRoute
    private let series: HTTPMetrics.Series
    private let date: DateField

    /// The answer to the request whose end is yet to come.
    private var pending: (answer: HotAnswer, requestID: String, start: ContinuousClock.Instant)?
    /// Requests that passed on, minus their answers.
    private var passedOn = 0
    private var isDraining = false
    /// An answer has said that it is the last one.
    private var isEnding = false
    private var hasWritten = false

    init(route: HotRoute, metrics: HTTPMetrics, date: DateField) {
        self.route = route
        self.date = date
        series = metrics.series(method: "GET", route: route.template, status: 200)
    }

    // MARK: Inbound

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            if passedOn == 0, !isDraining, !isEnding, context.channel.isWritable, let plain = PlainRequest(head),
                let answer = answer(to: head.uri)
            {
                pending = (answer, plain.identity.requestID, .now)
                return
            }
            passedOn += 1
        case .body:
            // A request that may be answered here has none.
            break
        case .end:
            if let (answer, requestID, start) = pending {
                pending = nil
                return write(answer, requestID, start, context)
            }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if hasWritten {
            hasWritten = false
            context.flush()
            context.fireUserInboundEventTriggered(Answered())
        }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // From now on each answer says that it is the last one, which is the guard's business.
        if event is ChannelShouldQuiesceEvent { isDraining = true }
        context.fireUserInboundEventTriggered(event)
    }

    private func answer(to uri: String) -> HotAnswer? {
        guard uri.utf8.starts(with: route.prefix.utf8) else { return nil }
        let segment = uri.utf8.dropFirst(route.prefix.utf8.count)
        guard !segment.isEmpty, segment.allSatisfy(PathSegment.isPlain) else { return nil }
        return route.answer(String(Substring(segment)))
    }

    // MARK: Outbound

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head): if head.headers["connection"].contains("close") { isEnding = true }
        case .body: break
        // What is no HTTP has an answer, too.
        case .end: passedOn = max(0, passedOn - 1)
        }
        context.write(data, promise: promise)
    }

    private func write(
        _ answer: HotAnswer, _ requestID: String, _ start: ContinuousClock.Instant, _ context: ChannelHandlerContext
    ) {
        var fields = answer.fields
        fields.reserveCapacity(fields.count + 4)
        fields.append(("Content-Type", "application/json"))
        fields.append(("X-Request-ID", requestID))
        fields.append(("Content-Length", "\(answer.body.readableBytes)"))
        fields.append(("Date", date.text))
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: HTTPHeaders(fields))
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        hasWritten = true
        series.record(ContinuousClock.now - start)
    }
}
