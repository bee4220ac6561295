// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials
internal import HTTPTypes
public import NIOCore

/// An answer that is ready to be sent.
public struct HotAnswer: Sendable {
    let status: Int
    private let statusLine: String
    /// The body's, unless the fields say that and what caches may do.
    private let mediaType: String?
    private let fields: [(String, String)]
    private let body: ByteBuffer

    /// Prepares an answer with JSON.
    ///
    /// - Parameters:
    ///   - status: the status code and its phrase.
    ///   - fields: header fields besides `Content-Type`, `Content-Length`, `Cache-Control`, `Date` and `X-Request-ID`; no line
    ///     breaks.
    ///   - body: JSON.
    public init(_ status: Status, fields: [(String, String)], body: ByteBuffer) {
        self.init(status.code, status.line, "application/json", fields, body)
    }

    /// The statuses that hot routes answer with.
    public enum Status: Sendable {
        /// 200
        case ok
        /// 202
        case accepted

        fileprivate var code: Int { self == .ok ? 200 : 202 }
        fileprivate var line: String { self == .ok ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.1 202 Accepted\r\n" }
    }

    /// The answer that ``ProblemMiddleware`` gives.
    init(_ problem: ProblemDetails, requestID: String) {
        let problem = problem.answering(requestID)
        self.init(
            problem.status.code, "HTTP/1.1 \(problem.status)\r\n", nil,
            problem.fields.map { ($0.name.rawName, $0.value) }, ByteBuffer(bytes: problem.json()))
    }

    private init(
        _ status: Int, _ statusLine: String, _ mediaType: String?, _ fields: [(String, String)], _ body: ByteBuffer
    ) {
        self.status = status
        self.statusLine = statusLine
        self.mediaType = mediaType
        self.fields = fields
        self.body = body
    }

    /// The answer's bytes, in one piece.
    ///
    /// - Parameters:
    ///   - usualFields: more header fields, as they are sent.
    ///   - verdict: what the rate limit has said to the request.
    func bytes(
        requestID: String, date: String, usualFields: String, verdict: RateLimitVerdict?, isLast: Bool,
        allocator: ByteBufferAllocator
    ) -> ByteBuffer {
        // Enough for the fields below and, as a rule, for those of the answer.
        var bytes = allocator.buffer(capacity: 384 + usualFields.utf8.count + body.readableBytes)
        bytes.writeString(statusLine)
        for (name, value) in fields { bytes.write(name, value) }
        if let mediaType {
            bytes.write("Content-Type", mediaType)
            bytes.write("Cache-Control", CachePolicy.usual)
        }
        bytes.write("X-Request-ID", requestID)
        bytes.write("Content-Length", String(body.readableBytes))
        bytes.write("Date", date)
        bytes.writeString(usualFields)
        verdict?.write(to: &bytes)
        if isLast { bytes.write("Connection", "close") }
        bytes.writeStaticString("\r\n")
        bytes.writeImmutableBuffer(body)
        return bytes
    }
}

extension ByteBuffer {
    /// Writes a header field.
    fileprivate mutating func write(_ name: String, _ value: String) {
        writeString(name)
        writeStaticString(": ")
        writeString(value)
        writeStaticString("\r\n")
    }
}
