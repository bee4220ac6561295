// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Where a change stream begins and what its events contain.
public struct MongoChangeStreamOptions: Sendable {
    /// Where a change stream begins.
    public enum Start: Sendable {
        /// At the moment of opening.
        case now
        /// Behind the event with this token.
        case after(BSONDocument)
        /// At a point of the server's time, that included.
        case at(BSONTimestamp)
    }

    /// Where to begin.
    public var start = Start.now
    /// Whether updates carry the document as it is when the event is read.
    public var includesFullDocument = false
    /// How long the server waits for an event before it says that there is none. Also how old
    /// ``MongoChangeStream/Status`` may be, and how long closing may take. 50 ms to 4 s, default 500 ms; keep it well
    /// below `socketTimeoutMS`.
    public var maxAwaitTime = Duration.milliseconds(500)
    /// How many events may wait here for the reader. Then the stream pauses: the server keeps them meanwhile.
    public var bufferLimit = 1000
    /// Whether the stream ends, instead of waiting, once the server has nothing more.
    public var endsWhenDrained = false

    /// Begins now, without full documents for updates.
    public init(start: Start = .now, includesFullDocument: Bool = false) {
        self.start = start
        self.includesFullDocument = includesFullDocument
    }
}
