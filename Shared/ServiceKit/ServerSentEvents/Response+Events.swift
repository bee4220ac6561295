// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import HTTPTypes
public import Hummingbird
internal import NIOCore

extension Request {
    /// `Last-Event-ID`: the last event that a client got before it reconnected.
    public var lastEventID: String? { headers[.lastEventID] }
}

extension Response {
    /// An answer that goes on as long as there are events.
    ///
    /// A client that does not read is not written to, and let go after the idle timeout.
    ///
    /// - Parameters:
    ///   - events: what to send: each element at once.
    ///   - place: the stream's, from ``ServiceRequestContext/takeStreamPlace()``.
    public static func events<Events: AsyncSequence & Sendable>(_ events: Events, in place: StreamPlace) -> Response
    where Events.Element == [ServerSentEvent] {
        Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                defer { withExtendedLifetime(place) {} }
                for try await batch in events {
                    var bytes = ByteBuffer()
                    bytes.reserveCapacity(batch.reduce(0) { $0 + $1.bytes.readableBytes })
                    for event in batch { bytes.writeImmutableBuffer(event.bytes) }
                    try await writer.write(bytes)
                }
                try await writer.finish(nil)
            })
    }
}
