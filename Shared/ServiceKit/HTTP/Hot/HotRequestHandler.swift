// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import DequeModule
internal import Essentials
internal import NIOCore
internal import NIOHTTP1

/// Answers plain requests for the ``HotRoute``s of a server where they are decoded, on the event loop.
///
/// What is answered here takes none of the steps behind: no conversion to the types of swift-http-types, no task of the
/// connection, no middleware, no router. In exchange it is for few: everything else passes on, and while a request that
/// has passed on is unanswered, so do those that follow it on its connection: answers keep the order of their requests.
/// While one that is answered here is worked on, whatever comes behind it is held.
///
/// Confined to the channel's event loop.
final class HotRequestHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// A request that may be answered here, if all of it comes in one read.
    private struct Candidate {
        let head: HTTPRequestHead
        let plain: PlainRequest
        let start: ContinuousClock.Instant
        var body: ByteBuffer?
    }

    /// What has to wait for the answer that is worked on.
    private enum Held {
        case part(HTTPServerRequestPart)
        case readComplete
        case event(Any)
        case error(any Error)
    }

    private let routes: [HotRoute]
    /// What there is for each of the routes.
    private let shared: [HotShared]
    /// Watches the connection from behind, and has to know what does not come there.
    private let guardian: ConnectionGuard
    private var ids = SplitMix(seed: .random(in: 0 ... .max))

    /// The other end of the connection, once somebody has asked.
    private var knownPeer: IPAddress?
    private var candidate: Candidate?
    private var isWorking = false
    private var held: Deque<Held> = []
    /// Somebody behind wants to read on, once there is nothing held.
    private var wantsRead = false
    /// Requests that passed on, minus their answers.
    private var passedOn = 0
    private var isDraining = false
    /// An answer has said that it is the last one.
    private var isEnding = false
    private var hasWritten = false
    /// Where bytes are written that need no encoding: the encoder's own place.
    private var encoder: ChannelHandlerContext?

    init(routes: [HotRoute], shared: [HotShared], guardian: ConnectionGuard) {
        self.routes = routes
        self.shared = shared
        self.guardian = guardian
    }

    func handlerAdded(context: ChannelHandlerContext) {
        encoder = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
    }

    func handlerRemoved(context: ChannelHandlerContext) { encoder = nil }

    // MARK: Inbound

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if isWorking { held.append(.part(part)) } else { receive(part, context) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // The guard must know of it, unless it is about what is held.
        if held.isEmpty { completeRead(context) } else { held.append(.readComplete) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // From now on each answer says that it is the last one; of those behind that is the guard's business.
        if event is ChannelShouldQuiesceEvent { isDraining = true }
        if isWorking { held.append(.event(event)) } else { context.fireUserInboundEventTriggered(event) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isWorking { return held.append(.error(error)) }
        passOn(context)
        context.fireErrorCaught(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        // Nobody reads an answer any more.
        held = []
        candidate = nil
        isEnding = true
        context.fireChannelInactive()
    }

    private func receive(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch part {
        case .head(let head):
            if mayAnswer(context), let plain = PlainRequest(head, for: routes) {
                candidate = Candidate(head: head, plain: plain, start: .now)
                return
            }
            passedOn += 1
        case .body(let bytes):
            if candidate != nil {
                if candidate?.body?.writeImmutableBuffer(bytes) == nil { candidate?.body = bytes }
                return
            }
        case .end:
            if let candidate, answer(candidate, context) { return }
            passOn(context)
        }
        context.fireChannelRead(wrapInboundOut(part))
    }

    /// Whether a request that comes now may be answered here, and none is to be answered before it.
    private func mayAnswer(_ context: ChannelHandlerContext) -> Bool {
        passedOn == 0 && !isDraining && !isEnding && !guardian.refusesRequests && context.channel.isWritable
            && encoder != nil
    }

    private func completeRead(_ context: ChannelHandlerContext) {
        // What comes in pieces has a deadline, which is the guard's business.
        passOn(context)
        if hasWritten {
            hasWritten = false
            context.flush()
            guardian.answeredAhead()
        }
        context.fireChannelReadComplete()
    }

    /// Leaves a request to the router.
    private func passOn(_ context: ChannelHandlerContext) {
        guard let candidate else { return }
        self.candidate = nil
        passedOn += 1
        context.fireChannelRead(wrapInboundOut(.head(candidate.head)))
        if let body = candidate.body { context.fireChannelRead(wrapInboundOut(.body(body))) }
    }

    // MARK: Answers

    /// Answers a request, or begins to.
    private func answer(_ candidate: Candidate, _ context: ChannelHandlerContext) -> Bool {
        let body = candidate.body ?? ByteBuffer()
        let (route, shared) = (routes[candidate.plain.route], shared[candidate.plain.route])
        guard body.readableBytes <= route.bodyLimit else { return false }
        let span = shared.beginSpan(candidate.plain.trace)
        let identity = RequestIdentity(
            requestID: candidate.plain.requestID, traceParent: candidate.plain.trace.traceParent, own: span?.place,
            newID: TraceParent.newTraceID(&ids))
        let client = shared.client(of: candidate.head, at: peer(context))
        let verdict = client.flatMap { shared.limiter?.take($0) }
        let request = HotRequest(
            segment: candidate.plain.segment, body: body, identity: identity, span: span, verdict: verdict)
        switch shared.refusal(of: candidate.head, verdict).map({ .answer(HotAnswer($0, requestID: request.requestID)) })
            ?? route.answer(request)
        {
        case .pass:
            // It takes a token where it is answered.
            if let client { shared.limiter?.giveBack(client) }
            return false
        case .answer(let answer):
            write(answer, to: request, since: candidate.start, shared)
            hasWritten = true
        case .task(let work):
            begin(work, request, since: candidate.start, shared, context)
        }
        self.candidate = nil
        return true
    }

    private func peer(_ context: ChannelHandlerContext) -> IPAddress? {
        if knownPeer == nil { knownPeer = context.channel.peer }
        return knownPeer
    }

    private func begin(
        _ work: @escaping @Sendable () async throws -> HotAnswer, _ request: HotRequest,
        since start: ContinuousClock.Instant, _ shared: HotShared, _ context: ChannelHandlerContext
    ) {
        isWorking = true
        // What is answered need not wait for it.
        if hasWritten { context.flush() }
        shared.metrics.requestStarted()
        guardian.beganAhead()
        let eventLoop = context.eventLoop
        let here = NIOLoopBound((self, context), eventLoop: eventLoop)
        // No child of any task: the connection's own knows nothing of it. The connection stays until it has ended.
        Task {
            let answer: HotAnswer
            do {
                answer = try await work()
            } catch {
                answer = shared.problem(for: error, requestID: request.requestID)
            }
            eventLoop.execute {
                let (handler, context) = here.value
                handler.end(answer, request, since: start, shared, context)
            }
        }
    }

    private func end(
        _ answer: HotAnswer, _ request: HotRequest, since start: ContinuousClock.Instant, _ shared: HotShared,
        _ context: ChannelHandlerContext
    ) {
        isWorking = false
        shared.metrics.requestEnded()
        write(answer, to: request, since: start, shared)
        guard context.channel.isActive else { return }
        context.flush()
        guardian.endedAhead(isLast: isEnding)
        while !isWorking, let next = held.popFirst() {
            switch next {
            // Behind the last answer nothing is processed (RFC 9112 §9.6).
            case .part(let part): if !isEnding { receive(part, context) }
            case .readComplete: completeRead(context)
            // The guard ends the connection when the client has had time to read the last answer; Hummingbird would at once.
            case .event(let event) where isEnding && event is ChannelShouldQuiesceEvent: break
            case .event(let event): context.fireUserInboundEventTriggered(event)
            case .error(let error): errorCaught(context: context, error: error)
            }
        }
        if wantsRead, held.isEmpty {
            wantsRead = false
            // From the far end: the guard has to know that the client is asked for bytes again.
            context.channel.read()
        }
    }

    private func write(
        _ answer: HotAnswer, to request: HotRequest, since start: ContinuousClock.Instant, _ shared: HotShared
    ) {
        shared.record(answer.status, ContinuousClock.now - start, request.span)
        guard let encoder, !isEnding else { return }
        isEnding = isDraining
        let bytes = answer.bytes(
            requestID: request.requestID, date: shared.date.text, usualFields: shared.usualFields,
            verdict: request.verdict, isLast: isDraining, allocator: encoder.channel.allocator)
        encoder.write(NIOAny(bytes), promise: nil)
    }

    // MARK: Outbound

    func read(context: ChannelHandlerContext) {
        if held.isEmpty { context.read() } else { wantsRead = true }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head): if head.headers["connection"].contains("close") { isEnding = true }
        case .body: break
        // What is no HTTP has an answer, too.
        case .end: passedOn = max(0, passedOn - 1)
        }
        context.write(data, promise: promise)
    }
}
