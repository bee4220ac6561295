// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// An event as it is recorded and sent: what happened, wrapped in what everyone needs to know of any event.
public struct RecordedEvent: Sendable, Equatable {
    /// The versions that a stream can have.
    public static let versions: ClosedRange<Int64> = 1...9_999_999_999

    /// The event, the same in every copy of it ever sent.
    public var id: UUIDv7
    /// The stream it belongs to.
    public var stream: StreamID
    /// Its place in the stream: 1, 2, 3 … without gaps.
    public var version: Int64
    /// The wire name, a stored constant such as `user.created`.
    public var type: String
    /// The version of the shape of ``data``, from 1.
    public var schema: Int
    /// When it was accepted.
    public var recordedAt: Timestamp
    /// What happened, as a JSON object in UTF-8.
    public var data: [UInt8]
    /// Where it came from.
    public var metadata: EventMetadata

    /// Wraps an event.
    public init(
        id: UUIDv7, stream: StreamID, version: Int64, type: String, schema: Int, recordedAt: Timestamp,
        data: [UInt8], metadata: EventMetadata
    ) {
        self.id = id
        self.stream = stream
        self.version = version
        self.type = type
        self.schema = schema
        self.recordedAt = recordedAt
        self.data = data
        self.metadata = metadata
    }

    /// Checks that the event is in the stream of what its data is about, for projections.
    ///
    /// - Throws: ``MalformedEvent`` when it is in another.
    public func check(isIn stream: StreamID) throws(MalformedEvent) {
        guard self.stream == stream else {
            throw MalformedEvent(.invalidData, "the event is about something else than its stream")
        }
    }
}

/// Where an event came from.
public struct EventMetadata: Sendable, Equatable {
    /// Shared by everything that one request set in motion.
    public var correlationID: String
    /// The event or message that caused this one, if it was not a request.
    public var causationID: String?
    /// The W3C trace context of what caused the event, `traceparent`, if it is traced.
    public var traceparent: String?
    /// What makes a repeat of the command harmless. Kept in the event store for as long as the key is remembered, and not
    /// published.
    public var idempotency: IdempotencyKey?

    /// Describes an event's origin.
    public init(
        correlationID: String, causationID: String? = nil, traceparent: String? = nil,
        idempotency: IdempotencyKey? = nil
    ) {
        self.correlationID = correlationID
        self.causationID = causationID
        self.traceparent = traceparent
        self.idempotency = idempotency
    }
}
