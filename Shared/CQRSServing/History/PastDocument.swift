// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS

/// What a stream's events made of it up to a moment.
public struct PastDocument<P: Projection>: Sendable {
    /// The document as it was at the moment; `nil` when nothing had happened yet.
    public let document: P.Document?
    /// What the events up to the moment had added beside it, in their order; nothing once that was ended.
    public let entries: [P.Document.Entry]
    /// The version of the last event up to the moment; 0 when there is none.
    public let version: Int64
}

extension PastDocument {
    private static var pageSize: Int { 500 }

    /// Reads a stream up to a moment, one page after the other.
    ///
    /// - Parameters:
    ///   - history: the truth.
    ///   - stream: any; one without events gives a snapshot without a document.
    ///   - moment: when to look at it.
    /// - Throws: what the event store throws; ``MalformedEvent`` when an event up to the moment cannot be applied;
    ///   `CancellationError` between two pages.
    public init(of stream: StreamID, at moment: HistoryMoment, in history: some EventHistory) async throws {
        var fold = EventFold<P>(nil)
        var last: Int64 = 0
        var page: ArraySlice<RecordedEvent> = []
        repeat {
            try Task.checkCancellation()
            let read = try await history.read(stream, after: last, limit: moment.pageSize(after: last, Self.pageSize))
            page = read.prefix { moment.includes($0) }
            for event in page {
                fold.add(event)
                if let stop = fold.stop { throw stop.error }
                last = event.version
            }
        } while page.count == Self.pageSize
        let entries = fold.document?.endsEntries == true ? [] : fold.entries
        self.init(document: fold.document, entries: entries, version: last)
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

    /// How many events to read at once: no more than are needed, as far as that is known, and at least one.
    fileprivate func pageSize(after last: Int64, _ most: Int) -> Int {
        switch self {
        case .version(let version): max(1, Int(min(version - last, Int64(most))))
        case .time: most
        }
    }
}
