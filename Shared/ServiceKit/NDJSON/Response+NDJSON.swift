// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import HTTPTypes
public import Hummingbird
internal import NIOCore

extension Request {
    /// Checks that the body is NDJSON, under one of the names it goes by.
    ///
    /// - Throws: 415 `unsupported-media-type`.
    public func requireNDJSON() throws(ProblemDetails) {
        try requireContentType("application/x-ndjson", "application/jsonl", "application/ndjson")
    }
}

extension Response {
    /// Answers each line of a body with a line, in order, while the body is still arriving.
    ///
    /// Memory is bounded: a client that does not read its answer is not read from either, so it must do both at the same
    /// time. A body that breaks off ends the connection, after the answers to the lines before; without the end of the
    /// chunked encoding the client knows that the rest is missing.
    ///
    /// - Parameters:
    ///   - body: the request's body. Blank lines have no answer.
    ///   - place: the stream's, from ``ServiceRequestContext/takeStreamPlace()``.
    ///   - lineLimit: the most bytes of a line.
    ///   - limit: how many lines may be worked on or wait for those before them. Commands that come alone share the processors
    ///     with them: 256 take in no more than 64 on two, and have a command wait twice as long.
    ///   - answer: writes the answer to a line: one JSON value.
    public static func ndjson(
        answering body: RequestBody, in place: StreamPlace, lineLimit: Int = 16 << 10, limit: Int = 64,
        _ answer: @escaping @Sendable (NDJSONLine) async -> [UInt8]
    ) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/x-ndjson"],
            body: ResponseBody { writer in
                defer { withExtendedLifetime(place) {} }
                // Whoever waits for a single answer goes first: at the same priority it would wait for some steps of all these
                // lines at each of its own.
                let lines = NDJSONLines(body, limit: lineLimit)
                try await inOrder(lines, limit: limit, priority: .utility, work: answer) { answers in
                    var lines = ByteBuffer()
                    lines.reserveCapacity(answers.reduce(0) { $0 + $1.count + 1 })
                    for answer in answers {
                        lines.writeBytes(answer)
                        lines.writeInteger(UInt8(ascii: "\n"))
                    }
                    try await writer.write(lines)
                }
                try await writer.finish(nil)
            })
    }
}
