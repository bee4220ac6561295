// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials
public import Hummingbird
internal import NIOCore

/// What a handler knows about its request besides the request itself.
public struct ServiceRequestContext: RequestContext {
    /// Hummingbird's part.
    public var coreContext: CoreRequestContextStorage
    /// The request's identifier: the client's `X-Request-ID`, else the trace id of `traceparent`, else a new one.
    ///
    /// 1 to 128 characters of `[A-Za-z0-9._-]`, so it is safe in logs and headers. Use it as correlation id.
    public internal(set) var requestID = ""
    /// The request's place in its trace: that of what it causes.
    public internal(set) var trace = TraceParent.random()

    /// What is traced of the request.
    var span: ServerSpan?

    /// The streams of the server.
    var streams: StreamLimit?

    private let channel: any Channel

    /// Makes the context of a new request.
    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// The route that serves the request, such as `/users/{email}`; `unmatched` when there is none.
    ///
    /// Unlike the path it holds no personal data, and there are few of them.
    public var route: String { isUnmatched ? "unmatched" : endpointPath ?? "unmatched" }

    /// See ``NIOCore/Channel/peer``.
    var peer: IPAddress? { channel.peer }

    /// The address of the other end of the connection, which may be a proxy's; `nil` when there is none, as in tests without
    /// a socket.
    public var peerAddress: String? { channel.remoteAddress?.ipAddress }

    /// Whether no route was found. Hummingbird writes this word instead of a path then.
    var isUnmatched: Bool { endpointPath == nil || endpointPath == "NotFound" }

    /// A segment of the path, with its escapes resolved and otherwise as sent.
    ///
    /// - Parameter name: the segment's name in the route.
    /// - Throws: 400 `malformed-request` when its escapes are broken.
    public func segment(_ name: String) throws -> String {
        guard let text = PercentEncoding.decode(try parameters.require(name)) else {
            throw ProblemDetails(.malformedRequest, detail: "the path is not percent-encoded UTF-8")
        }
        return text
    }

    /// Takes a place for an answer that goes on for as long as its client likes. Give it to the answer.
    ///
    /// - Throws: 503 `unavailable` with `Retry-After` when there are as many as `HTTP_MAX_STREAMS` allows.
    public func takeStreamPlace() throws(ProblemDetails) -> StreamPlace {
        // Outside of a server, as in tests of a handler, nothing is limited.
        guard let streams else { return StreamPlace {} }
        return try streams.take()
    }

    /// Whether the request is being recorded: only then is it worth while to look for what it has to do with.
    public var isRecorded: Bool { span?.isRecording ?? false }

    /// Adds a link to what the request has to do with.
    ///
    /// - Parameter origin: its `traceparent`.
    public func link(to origin: String) { span?.link(to: origin) }

    /// Does a part of what the request needs; with a span of its own when the request is recorded.
    ///
    /// - Parameters:
    ///   - name: the span's, of few different ones.
    ///   - attributes: the span's; no personal data.
    ///   - failure: what makes the span a failed one in spite of a value; what is thrown always does.
    public func inSpan<Value>(
        _ name: String, _ attributes: [String: String] = [:], failure: (Value) -> (any Error)? = { _ in nil },
        _ body: () async throws -> Value
    ) async rethrows -> Value {
        guard let span else { return try await body() }
        return try await span.inPart(name, attributes, failure: failure, body)
    }

    /// Gives this request more time to arrive than the server's limit, for bodies that are streamed.
    ///
    /// The connection is still closed when nothing arrives for as long as the idle timeout.
    public func allowReceiving(for duration: Duration) {
        channel.triggerUserOutboundEvent(ConnectionGuard.ReceiveDeadline(duration: duration), promise: nil)
    }

    /// Calls something, once, when the client goes away before its answer has ended, or says that it sends nothing more.
    ///
    /// - Parameter action: must not block.
    public func whenClientLeaves(_ action: @escaping @Sendable () -> Void) {
        channel.triggerUserOutboundEvent(DepartureHandler.Departure(action: action), promise: nil)
    }

    /// Runs a body that waits for something, and cancels it when the client goes away or says that it sends nothing more:
    /// who waits keeps the line open.
    ///
    /// - Throws: what the body throws; `CancellationError` when the client has gone, and nobody reads the answer.
    public func whileClientStays<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let (staying, continuation) = AsyncStream.makeStream(of: Never.self)
        whenClientLeaves { continuation.finish() }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await _ in staying {}
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let value = first else { throw CancellationError() }
            return value
        }
    }
}
