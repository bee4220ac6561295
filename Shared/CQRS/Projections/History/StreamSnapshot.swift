// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a stream's events made of it up to a moment, and make of it now.
public struct StreamSnapshot<P: Projection>: Sendable {
    /// The document as it was at the moment; `nil` when nothing had happened yet.
    public let then: P.Document?
    /// The document as it is now; for a stream that an event keeps from being read, as it is before that event.
    public let now: P.Document?
    /// The version of the last event; 0 when there is none.
    public let lastVersion: Int64
}

extension StreamSnapshot {
    private static var pageSize: Int { 500 }

    /// Reads a stream, one page after the other.
    ///
    /// - Parameters:
    ///   - history: the truth.
    ///   - stream: any; one without events gives a snapshot without documents.
    ///   - moment: when to look at it.
    /// - Throws: what the event store throws; ``MalformedEvent`` when an event up to the moment cannot be applied.
    public init(of stream: StreamID, at moment: HistoryMoment, in history: some EventHistory) async throws {
        var fold = EventFold<P>(nil)
        var then: P.Document?
        var isBefore = true
        var last: Int64 = 0
        var page: [RecordedEvent] = []
        repeat {
            page = try await history.read(stream, after: last, limit: Self.pageSize)
            for event in page {
                last = event.version
                isBefore = isBefore && moment.includes(event)
                fold.add(event)
                if isBefore {
                    if let stop = fold.stop { throw stop.error }
                    then = fold.document
                }
            }
        } while page.count == Self.pageSize
        self.init(then: then, now: fold.document, lastVersion: last)
    }
}

extension HistoryMoment {
    /// Whether an event had happened, if all before it had.
    fileprivate func includes(_ event: RecordedEvent) -> Bool {
        switch self {
        case .version(let version): event.version <= version
        case .time(let time): event.recordedAt <= time
        }
    }
}
