// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A place in the order of ``EventScan/readAll(_:in:after:limit:)``.
public struct EventPosition: Sendable, Hashable {
    /// The stream.
    public let stream: StreamID
    /// The version in it.
    public let version: Int64

    /// Names a place.
    public init(stream: StreamID, version: Int64) {
        self.stream = stream
        self.version = version
    }
}

extension EventPosition: Comparable {
    /// By the streams' names, and in a stream by version.
    public static func < (one: EventPosition, other: EventPosition) -> Bool {
        (one.stream.name, one.version) < (other.stream.name, other.version)
    }
}

extension RecordedEvent {
    /// Where the event is.
    public var position: EventPosition { EventPosition(stream: stream, version: version) }
}
