// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes

/// Watches over one connection: requests must arrive in time, nobody may be silent for long, and what is no HTTP still
/// gets a problem as its answer.
///
/// It stands between the HTTP codec and Hummingbird's own handlers. Whatever goes wrong with the incoming bytes it
/// reports to Hummingbird as a parser error. Hummingbird then finishes the answers that are due before, writes a bare
/// 400 in its turn, and stops; the guard puts the right problem in the place of that 400. So answers to pipelined
/// requests keep their order.
///
/// Confined to the channel's event loop.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// An outbound event: the request being received may take this long, counted from now.
    struct ReceiveDeadline: Sendable {
        let duration: Duration
    }

    /// An outbound event: who answers the present request wants to know when its client leaves before.
    struct Departure: Sendable {
        let action: @Sendable () -> Void
    }

    /// An inbound event, from where answers are encoded: the one being written ends the connection.
    struct LastAnswer {}

    private let configuration: HTTPConfiguration
    private let metrics: HTTPMetrics
    private let connections: ConnectionLimit
    private let date: DateField
    /// Whether the connection has one of the places that there are; without it only probes are answered.
    private var hasPlace = false
    private var hasBegun = false

    /// A request's head has arrived, its end has not.
    private var isReceiving = false
    /// Heads received, minus answers ended.
    private var openRequests = 0
    /// The request being received wants to be told that its body is welcome.
    private var awaitsContinue = false
    /// Whether the present read brought a part, not just bytes of an unfinished head.
    private var sawPart = false
    private var deadline: Scheduled<Void>?
    private var lingering: Scheduled<Void>?
    /// Why this connection reads no more requests.
    private var failure: ProblemDetails?
    /// The bare 400 is being replaced: its end must still pass.
    private var isReplacing = false
    private var mustClose = false
    /// The client said that no more requests come.
    private var isLastRequest = false
    /// A request came behind the last one.
    private var isIgnoring = false
    private var stalled: Scheduled<Void>?
    private var idle: IdleWatch
    private var idleTimer: Scheduled<Void>?
    private var isDraining = false
    /// Whether the client has closed its side, and who wants to know.
    private var hasDeparted = false
    private var departures: [Departure] = []
    private var context: ChannelHandlerContext?

    init(configuration: HTTPConfiguration, metrics: HTTPMetrics, connections: ConnectionLimit, date: DateField) {
        self.configuration = configuration
        self.metrics = metrics
        self.connections = connections
        self.date = date
        idle = IdleWatch(limit: TimeAmount(configuration.idleTimeout), now: .now())
    }

    // MARK: Inbound

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        sawPart = true
        guard failure == nil, lingering == nil, !isIgnoring else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            // RFC 9112 §9.6: whatever follows a request that closes the connection is not processed.
            guard !isLastRequest else {
                isIgnoring = true
                return
            }
            takePlace()
            guard hasPlace || HealthController.isProbe(head.path) else {
                return fail(
                    context, .unavailable(retryAfter: .seconds(1), detail: "too many clients are connected"),
                    HTTPParserError.unknown)
            }
            isReceiving = true
            isLastRequest = head.headerFields[.connection]?.lowercased() == "close" || !hasPlace
            openRequests += 1
            awaitsContinue = head.headerFields[.expect]?.lowercased() == "100-continue"
            sayContinue(context)
        case .body:
            awaitsContinue = false
        case .end:
            awaitsContinue = false
            isReceiving = false
            deadline?.cancel()
            deadline = nil
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Bytes without a part are an unfinished head. Requests that arrive in one read never need the timer.
        let isPartial = isReceiving || (!sawPart && openRequests == 0)
        if isPartial, deadline == nil, failure == nil, lingering == nil {
            schedule(context, in: hasPlace ? configuration.receiveTimeout : patience)
        }
        sawPart = false
        idle.receive(now: .now())
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case is IOError, is ChannelError:
            context.fireErrorCaught(error)
        case is HTTPParserError where isLastRequest && !isReceiving:
            // The parser refuses bytes behind a request that closes the connection; they do not matter any more.
            isIgnoring = true
        case HTTPParserError.headerOverflow:
            fail(context, ProblemDetails(.headersTooLarge), error)
        case is HTTPParserError:
            fail(context, ProblemDetails(.malformedRequest), error)
        case let refusal as RequestRules.Refusal:
            fail(context, ProblemDetails(refusal.problem), HTTPParserError.unknown)
        default:
            // The codec refuses some heads that the parser accepts; Hummingbird would close without an answer.
            fail(context, ProblemDetails(.malformedRequest), HTTPParserError.unknown)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is LastAnswer {
            mustClose = true
            return
        }
        if event is ChannelShouldQuiesceEvent {
            isDraining = true
            // A client that sends slowly must not hold up the stop.
            if isReceiving { schedule(context, in: min(configuration.receiveTimeout, .seconds(3))) }
            // Nor one that does not read.
            watchForReading(context)
        }
        if case .inputClosed? = event as? ChannelEvent { depart() }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Requests that do not come this far

    /// Whether nothing that arrives now may be answered but by what is on its way already.
    var refusesRequests: Bool { failure != nil || lingering != nil || isLastRequest || !hasPlace }

    /// Since the last read has completed, requests were read and answered in front of it.
    func answeredAhead() {
        sawPart = true
        guard !isReceiving else { return }
        deadline?.cancel()
        deadline = nil
    }

    /// A request was read in whole, and is worked on in front of it.
    func beganAhead() {
        answeredAhead()
        openRequests += 1
    }

    /// That one has its answer.
    ///
    /// - Parameter isLast: whether the answer says that the connection ends with it.
    func endedAhead(isLast: Bool) {
        openRequests = max(0, openRequests - 1)
        idle.restart(now: .now())
        guard let context else { return }
        if isLast {
            isLastRequest = true
            linger(context)
        } else {
            sayContinue(context)
        }
    }

    // MARK: Silence

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        watchForReading(context)
        context.fireChannelWritabilityChanged()
    }

    /// A client that does not read its answer must not hold the connection for ever.
    private func watchForReading(_ context: ChannelHandlerContext) {
        stalled?.cancel()
        stalled = nil
        guard !context.channel.isWritable else { return }
        let limit = isDraining ? min(configuration.idleTimeout, .seconds(3)) : configuration.idleTimeout
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        stalled = context.eventLoop.scheduleTask(in: TimeAmount(limit)) { loopBound.value.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancelTimers()
        depart()
        leavePlace()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        cancelTimers()
        leavePlace()
    }

    // MARK: Outbound

    func read(context: ChannelHandlerContext) {
        idle.ask(now: .now())
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            guard head.status.kind != .informational else { return context.write(data, promise: promise) }
            if let failure, isBare400(head) {
                writeProblem(context, failure, promise)
                return
            }
            let isLastAnswer = isLastRequest && openRequests == 1
            // Behind an answer to what is still being received nobody knows where the next request begins.
            let isUnread = isReceiving && openRequests == 1
            if isUnread || isDraining || isLastAnswer || failure != nil { head.headerFields[.connection] = "close" }
            // The end of an answer that says so also ends the connection, but for failures: their answer is yet to come.
            mustClose = head.headerFields[.connection] == "close" && failure == nil
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            if isReplacing { promise?.succeed() } else { context.write(data, promise: promise) }
        case .end:
            isReplacing = false
            openRequests = max(0, openRequests - 1)
            departures = []
            idle.restart(now: .now())
            guard mustClose else {
                context.write(data, promise: promise)
                return sayContinue(context)
            }
            // Nothing behind this answer may be processed, and Hummingbird need not know why.
            isLastRequest = true
            let written = promise ?? context.eventLoop.makePromise()
            let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            written.futureResult.whenComplete { _ in
                let (handler, context) = loopBound.value
                handler.linger(context)
            }
            context.writeAndFlush(data, promise: written)
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        if let departure = event as? Departure {
            if hasDeparted { departure.action() } else { departures.append(departure) }
            promise?.succeed()
            return
        }
        guard let event = event as? ReceiveDeadline else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        // Nor does more time hold up the stop.
        if isReceiving, failure == nil, !isDraining { schedule(context, in: event.duration) }
        promise?.succeed()
    }

    private func depart() {
        hasDeparted = true
        for departure in departures { departure.action() }
        departures = []
    }

    // MARK: Beginning

    private func begin(_ context: ChannelHandlerContext) {
        guard !hasBegun else { return }
        hasBegun = true
        takePlace()
        if !hasPlace { idle.limit = TimeAmount(patience) }
        watchForSilence(context)
    }

    private func takePlace() {
        guard !hasPlace, connections.enter() else { return }
        hasPlace = true
        idle.limit = TimeAmount(configuration.idleTimeout)
    }

    private func leavePlace() {
        guard hasPlace else { return }
        hasPlace = false
        connections.leave()
    }

    private var patience: Duration { min(configuration.receiveTimeout, ConnectionLimit.patience) }

    /// Says that a body is welcome (RFC 9110 §10.1.1), once all answers before have been given.
    private func sayContinue(_ context: ChannelHandlerContext) {
        guard awaitsContinue, openRequests == 1 else { return }
        awaitsContinue = false
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }

    // MARK: Failures

    private func fail(_ context: ChannelHandlerContext, _ problem: ProblemDetails, _ error: any Error) {
        guard failure == nil, lingering == nil else { return }
        failure = problem
        deadline?.cancel()
        deadline = nil
        metrics.connectionFailed(status: problem.status.code)
        // In both cases the reader of the body, or of the next head, ends with this error.
        context.fireErrorCaught(error)
    }

    private func isBare400(_ head: HTTPResponse) -> Bool {
        head.status == .badRequest && head.headerFields[.contentLength] == "0" && head.headerFields[.contentType] == nil
    }

    private func writeProblem(
        _ context: ChannelHandlerContext, _ problem: ProblemDetails, _ promise: EventLoopPromise<Void>?
    ) {
        isReplacing = true
        mustClose = true
        let body = ByteBuffer(bytes: problem.json())
        var fields = problem.fields
        fields[.contentLength] = "\(body.readableBytes)"
        fields[.connection] = "close"
        fields[.date] = date.text
        let head = HTTPResponse(status: problem.status, headerFields: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: promise)
    }

    // MARK: Timers

    private func schedule(_ context: ChannelHandlerContext, in duration: Duration) {
        deadline?.cancel()
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: TimeAmount(duration)) {
            let (handler, context) = loopBound.value
            handler.deadline = nil
            handler.fail(context, ProblemDetails(.requestTimeout), HTTPParserError.invalidEOFState)
        }
    }

    private func watchForSilence(_ context: ChannelHandlerContext) {
        idleTimer?.cancel()
        idleTimer = nil
        // A request that is here in whole waits for us, not for its client.
        guard let next = idle.nextLook(isAwaited: isReceiving || openRequests == 0, now: .now()) else {
            return context.close(promise: nil)
        }
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        idleTimer = context.eventLoop.scheduleTask(deadline: next) {
            let (handler, context) = loopBound.value
            handler.watchForSilence(context)
        }
    }

    /// Says that nothing more comes, and reads on for a while: closing at once with unread bytes would reset the
    /// connection, and the client might never see the answer (RFC 9112 §9.6).
    private func linger(_ context: ChannelHandlerContext) {
        guard lingering == nil, context.channel.isActive else { return }
        deadline?.cancel()
        deadline = nil
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        lingering = context.eventLoop.scheduleTask(in: TimeAmount(configuration.lingerTimeout)) {
            loopBound.value.close(promise: nil)
        }
        context.close(mode: .output, promise: nil)
    }

    private func cancelTimers() {
        deadline?.cancel()
        lingering?.cancel()
        stalled?.cancel()
        idleTimer?.cancel()
        stalled = nil
        idleTimer = nil
        deadline = nil
        lingering = nil
    }
}
