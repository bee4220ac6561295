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
/// Values decide, and the guard has the timers: ``OpenRequests`` knows what is received and not answered,
/// ``RequestIntake`` whether more is taken, ``IdleWatch`` who is silent. Hot requests are answered in front of it, and it
/// is told of them.
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

    /// An inbound event, from where answers are encoded: the one being written ends the connection.
    struct LastAnswer {}

    /// The answer that is being written.
    private enum Answer {
        /// More may follow on the connection.
        case ordinary
        /// The connection ends with it.
        case last
        /// A problem has taken its place, and the connection ends with it; of the answer itself only the end must still
        /// pass.
        case replaced
    }

    /// A client that sends slowly, or does not read, must not hold up the stop for longer than this.
    static let patienceAtStop = Duration.seconds(3)

    private let configuration: HTTPConfiguration
    private let metrics: HTTPMetrics
    private let connections: ConnectionLimit
    private let date: DateField
    /// Whether the connection has one of the places that there are; without it only probes are answered.
    private var hasPlace = false
    private var requests = OpenRequests()
    private var intake = RequestIntake.open
    private var answer = Answer.ordinary
    private var isDraining = false
    /// When what is here in part must be here in whole.
    private var deadline: Scheduled<Void>?
    private var idle: IdleWatch
    /// The next look at it; `nil` before the connection has begun.
    private var idleTimer: Scheduled<Void>?
    private var context: ChannelHandlerContext?

    init(configuration: HTTPConfiguration, metrics: HTTPMetrics, connections: ConnectionLimit, date: DateField) {
        self.configuration = configuration
        self.metrics = metrics
        self.connections = connections
        self.date = date
        idle = IdleWatch(limit: TimeAmount(configuration.idleTimeout), now: .now())
    }

    // MARK: The connection

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        end()
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard idleTimer == nil else { return }
        takePlace()
        if !hasPlace { idle.limit = TimeAmount(patience) }
        watchForSilence(context)
    }

    private func end() {
        cancelDeadline()
        idleTimer?.cancel()
        if case .lingering(let timer) = intake { timer.cancel() }
        if hasPlace { connections.leave() }
        hasPlace = false
    }

    private func takePlace() {
        guard !hasPlace, connections.enter() else { return }
        hasPlace = true
        idle.limit = TimeAmount(configuration.idleTimeout)
    }

    /// How long a client without a place may take.
    private var patience: Duration { min(configuration.receiveTimeout, ConnectionLimit.patience) }

    // MARK: Inbound

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        requests.notePart()
        guard intake.passesOn else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard intake.admit() else { return }
            takePlace()
            guard hasPlace || HealthController.isProbe(head.path) else {
                return fail(
                    context, .unavailable(retryAfter: .seconds(1), detail: "too many clients are connected"),
                    HTTPParserError.unknown)
            }
            if head.headerFields[.connection]?.lowercased() == "close" || !hasPlace { intake.end() }
            requests.begin(expectsContinue: head.headerFields[.expect]?.lowercased() == "100-continue")
            sayContinue(context)
        case .body:
            requests.receiveBody()
        case .end:
            requests.receiveEnd()
            cancelDeadline()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Requests that arrive in one read never need the timer.
        if requests.completeRead(), deadline == nil {
            setDeadline(context, in: hasPlace ? configuration.receiveTimeout : patience)
        }
        idle.receive(now: .now())
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case is IOError, is ChannelError:
            context.fireErrorCaught(error)
        case is HTTPParserError where intake.isLast && !requests.isReceiving:
            // The parser refuses bytes behind a request that closes the connection; they do not matter any more.
            intake = .ignoring
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
            if answer == .ordinary { answer = .last }
            return
        }
        if event is ChannelShouldQuiesceEvent {
            isDraining = true
            if requests.isReceiving {
                setDeadline(context, in: min(configuration.receiveTimeout, Self.patienceAtStop))
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Requests that do not come this far

    /// Whether nothing that arrives now may be answered but by what is on its way already.
    var refusesRequests: Bool { if case .open = intake { !hasPlace } else { true } }

    /// Since the last read has completed, requests were read and answered in front of it.
    func answeredAhead() {
        requests.notePart()
        if !requests.isReceiving { cancelDeadline() }
    }

    /// A request was read in whole, and is worked on in front of it.
    func beganAhead() {
        answeredAhead()
        requests.beginElsewhere()
    }

    /// That one has its answer.
    ///
    /// - Parameter isLast: whether the answer says that the connection ends with it.
    func endedAhead(isLast: Bool) {
        requests.endAnswer()
        idle.restart(now: .now())
        guard let context else { return }
        if isLast {
            intake.end()
            linger(context)
        } else {
            sayContinue(context)
        }
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
            let failure = intake.failure
            if let failure, isBare400(head) {
                answer = .replaced
                return writeProblem(context, failure, promise)
            }
            let isLastAnswer = intake.isLast && requests.count == 1
            if requests.isOnlyOneReceiving || isDraining || isLastAnswer || failure != nil {
                head.headerFields[.connection] = "close"
            }
            // The end of an answer that says so also ends the connection, but for failures: their answer is yet to come.
            answer = head.headerFields[.connection] == "close" && failure == nil ? .last : .ordinary
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            if answer == .replaced { promise?.succeed() } else { context.write(data, promise: promise) }
        case .end:
            requests.endAnswer()
            idle.restart(now: .now())
            guard answer != .ordinary else {
                context.write(data, promise: promise)
                return sayContinue(context)
            }
            // Nothing behind this answer may be processed, and Hummingbird need not know why.
            intake.end()
            let written = promise ?? context.eventLoop.makePromise()
            written.futureResult.assumeIsolated().whenComplete { _ in self.linger(context) }
            context.writeAndFlush(data, promise: written)
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let event = event as? ReceiveDeadline else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        // More time does not hold up the stop.
        if requests.isReceiving, !isDraining { setDeadline(context, in: event.duration) }
        promise?.succeed()
    }

    private func sayContinue(_ context: ChannelHandlerContext) {
        guard requests.takeContinue() else { return }
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }

    // MARK: Failures

    private func fail(_ context: ChannelHandlerContext, _ problem: ProblemDetails, _ error: any Error) {
        guard intake.fail(problem) else { return }
        cancelDeadline()
        metrics.connectionFailed(status: problem.status.code)
        // The reader of the body, or of the next head, ends with this error.
        context.fireErrorCaught(error)
    }

    private func isBare400(_ head: HTTPResponse) -> Bool {
        head.status == .badRequest && head.headerFields[.contentLength] == "0" && head.headerFields[.contentType] == nil
    }

    private func writeProblem(
        _ context: ChannelHandlerContext, _ problem: ProblemDetails, _ promise: EventLoopPromise<Void>?
    ) {
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

    private func setDeadline(_ context: ChannelHandlerContext, in duration: Duration) {
        guard !intake.isOver else { return }
        cancelDeadline()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(duration)) {
            self.deadline = nil
            self.fail(context, ProblemDetails(.requestTimeout), HTTPParserError.invalidEOFState)
        }
    }

    private func cancelDeadline() {
        deadline?.cancel()
        deadline = nil
    }

    private func watchForSilence(_ context: ChannelHandlerContext) {
        guard let next = idle.nextLook(isAwaited: requests.isClientsTurn, now: .now()) else {
            return context.close(promise: nil)
        }
        idleTimer = context.eventLoop.assumeIsolated().scheduleTask(deadline: next) { self.watchForSilence(context) }
    }

    /// Says that nothing more comes, and reads on for a while: closing at once with unread bytes would reset the
    /// connection, and the client might never see the answer (RFC 9112 §9.6).
    private func linger(_ context: ChannelHandlerContext) {
        if case .lingering = intake { return }
        guard context.channel.isActive else { return }
        cancelDeadline()
        intake = .lingering(
            context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(configuration.lingerTimeout)) {
                context.close(promise: nil)
            })
        context.close(mode: .output, promise: nil)
    }
}
