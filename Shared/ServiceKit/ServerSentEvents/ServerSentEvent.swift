// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import NIOCore

/// One event of `text/event-stream` (WHATWG HTML, "Server-sent events").
public struct ServerSentEvent: Sendable {
    /// The event as sent.
    let bytes: ByteBuffer

    /// The memory it takes.
    public var sizeBytes: Int { bytes.storageCapacity }

    /// An event.
    ///
    /// - Parameters:
    ///   - name: what clients listen for. One word.
    ///   - id: where a client goes on that reconnects, as its `Last-Event-ID`. Without a line break or NUL.
    ///   - data: one line of UTF-8, say JSON.
    public init(_ name: String, id: String, data: [UInt8]) {
        precondition(!data.contains { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }, "data is one line")
        var bytes = ByteBuffer()
        bytes.reserveCapacity(name.utf8.count + id.utf8.count + data.count + 24)
        bytes.writeString("id: \(id)\nevent: \(name)\ndata: ")
        bytes.writeBytes(data)
        bytes.writeString("\n\n")
        self.bytes = bytes
    }

    private init(text: String) { bytes = ByteBuffer(string: text) }

    /// The beginning: how soon to come back after the connection broke, and where to go on if that is before the first
    /// event.
    public static func opening(id: String, retry: Duration) -> ServerSentEvent {
        ServerSentEvent(text: "retry: \(Int(retry / .milliseconds(1)))\nid: \(id)\n\n")
    }

    /// A sign of life for who keeps the connection open, and where to go on. No event for clients: it has no data.
    public static func heartbeat(id: String) -> ServerSentEvent {
        ServerSentEvent(text: ": alive\nid: \(id)\n\n")
    }
}
