// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

package import NIOCore
internal import NIOEmbedded
internal import NIOHTTP1
internal import NIOHTTPCompression

/// gzip (RFC 1952), as swift-nio-extras writes it.
///
/// Its compressor is a channel handler. In the connection's own pipeline it would do this work on the event loop, and it
/// counts answers by requests: a 100 or an answer to what is no request ends the process. So it gets a channel of its own
/// that leads nowhere, for one body at a time.
package enum Gzip {
    /// Compresses a body. Takes some 30 ms a MiB.
    package static func compress(_ body: ByteBuffer) throws -> ByteBuffer {
        let channel = EmbeddedChannel(
            handler: HTTPResponseCompressor(initialByteBufferCapacity: max(1, body.readableBytes)))
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        let request = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: "/", headers: ["Accept-Encoding": "gzip"])
        try channel.writeInbound(HTTPServerRequestPart.head(request))
        channel.write(HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .ok)), promise: nil)
        channel.write(HTTPServerResponsePart.body(.byteBuffer(body)), promise: nil)
        try channel.writeOutbound(HTTPServerResponsePart.end(nil))
        var compressed = ByteBuffer()
        while let part = try channel.readOutbound(as: HTTPServerResponsePart.self) {
            if case .body(.byteBuffer(let bytes)) = part { compressed.writeImmutableBuffer(bytes) }
        }
        return compressed
    }
}
