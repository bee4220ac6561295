// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AsyncHTTPClient
public import NIOCore
import NIOHTTP1

/// An answer whose body is still coming, perhaps while its request's is still going.
public struct StreamedAnswer: Sendable {
    private let response: HTTPClientResponse

    init(_ response: HTTPClientResponse) { self.response = response }

    /// The status code.
    public var status: Int { Int(response.status.code) }

    /// The first header field of a name, in any case.
    public func header(_ name: String) -> String? { response.headers.first(name: name) }

    /// The body's lines as they come. May be read once.
    public var lines: Lines { Lines(body: response.body) }

    /// Lines, without their ends.
    public struct Lines: AsyncSequence, Sendable {
        let body: HTTPClientResponse.Body

        /// Starts to read.
        public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(parts: body.makeAsyncIterator()) }

        /// Reads line by line.
        public struct AsyncIterator: AsyncIteratorProtocol {
            var parts: HTTPClientResponse.Body.AsyncIterator
            var rest = ByteBuffer()

            /// The next line; bytes behind the last line's end are none.
            public mutating func next() async throws -> String? {
                while true {
                    if let end = rest.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
                        let line = rest.readString(length: end - rest.readerIndex)
                        rest.moveReaderIndex(forwardBy: 1)
                        return line
                    }
                    guard var part = try await parts.next(isolation: #isolation) else { return nil }
                    rest.discardReadBytes()
                    rest.writeBuffer(&part)
                }
            }
        }
    }
}

extension HTTP {
    /// Sends a request whose body comes from a sequence, and returns when the answer begins.
    public static func stream<Body: AsyncSequence & Sendable>(
        _ method: String, _ url: String, headers: [(String, String)], body: Body, timeout: TimeAmount = .seconds(120)
    ) async throws -> StreamedAnswer where Body.Element == ByteBuffer {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .stream(body, length: .unknown)
        return StreamedAnswer(try await client.execute(request, timeout: timeout))
    }
}
