// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
public import CQRSServing
internal import Essentials
internal import Synchronization

/// A read model in memory for tests and trials. The same contract suite runs against it and the real store.
public final class InMemoryReadModel<Document: ReadModelDocument>: GenerationReadModel {
    private let state = Mutex(State())
    private let feeds = InMemoryFeeds<Document>()

    private struct State {
        var documents: [StreamID: Document] = [:]
        var entries: [EventPosition: Document.Entry] = [:]
        var sums: [SumKey: [Int64]] = [:]
        var mends: [SumKey: Int64] = [:]

        /// Puts a document in the place of another, or removes it.
        mutating func put(_ document: Document?, _ stream: StreamID) {
            var changes = SumChanges()
            changes.replace(documents[stream], by: document)
            add(changes)
            documents[stream] = document
        }

        mutating func add(_ changes: SumChanges) {
            for (key, values) in changes.inOrder {
                sums[key] = sums[key].map { sum in sum.indices.map { sum[$0] + values[$0] } } ?? values
            }
        }

        /// Writes the change's entries, and removes those of another history.
        mutating func writeEntries(of change: ReadModelChange<Document>) {
            if change.isWhole {
                let last = max(change.baseVersion, change.document.version)
                entries = entries.filter { $0.key.stream != change.stream || $0.key.version > last }
            }
            for entry in change.entries {
                entries[EventPosition(stream: change.stream, version: entry.version)] = entry
            }
        }

        mutating func removeEntries(of stream: StreamID) { entries = entries.filter { $0.key.stream != stream } }
    }

    /// A read model without documents.
    public init() {}

    /// All documents, at this moment.
    public var snapshot: [StreamID: Document] { state.withLock { $0.documents } }

    /// All entries, at this moment, whether or not a document reflects them.
    public var entries: [EventPosition: Document.Entry] { state.withLock { $0.entries } }

    /// All rows of sums, at this moment.
    public var sums: [SumKey: [Int64]] { state.withLock { $0.sums } }

    /// Adds to rows, as no writer would.
    public func add(_ changes: SumChanges) { state.withLock { $0.add(changes) } }

    /// Documents, rows of sums, and how often these have been mended, all at one moment.
    var allAtOnce: (documents: [StreamID: Document], sums: [SumKey: [Int64]], mends: [SumKey: Int64]) {
        state.withLock { ($0.documents, $0.sums, $0.mends) }
    }

    func addOnce(_ difference: SumDifference) {
        state.withLock { state in
            guard state.mends[difference.key, default: 0] == difference.mends else { return }
            state.mends[difference.key] = difference.mends + 1
            var changes = SumChanges()
            changes.add(difference.key, difference.lacking)
            state.add(changes)
        }
    }

    /// Replaces all entries, as whoever was cut off or wrote wrongly may have left them.
    public func restore(_ entries: [EventPosition: Document.Entry]) { state.withLock { $0.entries = entries } }

    /// The entries between two positions, in order.
    public func entries(
        after start: EventPosition, through end: EventPosition, limit: Int?
    ) async -> [(position: EventPosition, entry: Document.Entry)] {
        let found = entries.filter { $0.key > start && $0.key <= end }.sorted { $0.key < $1.key }
        return found.prefix(limit ?? found.count).map { (position: $0.key, entry: $0.value) }
    }

    /// Nothing has to be prepared.
    public func prepare() async {}

    /// The documents that exist.
    public func load(_ streams: Set<StreamID>) async -> [StreamID: Document] {
        state.withLock { state in state.documents.filter { streams.contains($0.key) } }
    }

    /// Writes each document whose stored version is its base version; returns the other streams.
    public func write(_ changes: [ReadModelChange<Document>]) async -> Set<StreamID> {
        state.withLock { state in
            var lost: Set<StreamID> = []
            for change in changes {
                if Document.hasEntries { state.writeEntries(of: change) }
                if state.documents[change.stream]?.version ?? 0 == change.baseVersion {
                    state.put(change.document, change.stream)
                    if change.document.endsEntries { state.removeEntries(of: change.stream) }
                    feeds.tell(DocumentChange(stream: change.stream, document: change.document))
                } else {
                    lost.insert(change.stream)
                }
            }
            return lost
        }
    }

    /// The names of the streams that have a document, in order.
    public func streams(after stream: StreamID?, limit: Int) async -> [StreamID] {
        state.withLock { state in
            Array(
                state.documents.keys.filter { $0.name > stream?.name ?? "" }.sorted { $0.name < $1.name }.prefix(limit))
        }
    }

    /// Removes a document, if it is still at that version.
    public func remove(_ stream: StreamID, at version: Int64) async -> Bool {
        state.withLock { state in
            guard state.documents[stream]?.version == version else { return false }
            state.put(nil, stream)
            if Document.hasEntries { state.removeEntries(of: stream) }
            feeds.tell(DocumentChange(stream: stream, document: nil))
            return true
        }
    }

    /// Looks through all documents for the latest that matches.
    public func first(where field: ReadModelField<Document>, equals value: String) async -> Document? {
        state.withLock { state in
            state.documents.filter { field.value($0.value)?.isExactly(value) == true }
                .max { ($0.value.updatedAt, $0.key.name) < ($1.value.updatedAt, $1.key.name) }?.value
        }
    }

    /// Looks through all documents for those that match.
    public func matches(where field: ReadModelField<Document>, equals value: String) async -> [StreamID: Document] {
        state.withLock { state in state.documents.filter { field.value($0.value)?.isExactly(value) == true } }
    }

    /// The streams that have a document, in order, with its version.
    public func versions(after stream: StreamID?, limit: Int) async -> [(stream: StreamID, version: Int64)] {
        state.withLock { state in
            state.documents.filter { $0.key.name > stream?.name ?? "" }.sorted { $0.key.name < $1.key.name }.prefix(
                limit
            )
            .map { (stream: $0.key, version: $0.value.version) }
        }
    }

    /// Deletes everything.
    public func drop() async { state.withLock { $0 = State() } }
}

extension InMemoryReadModel: ReadModelChanges {
    /// Tells of all changes after a position, until the task is cancelled or ``endFeeds()``.
    ///
    /// - Throws: ``LostFeedPosition``.
    public func follow(_ observer: some ReadModelObserver<Document>, after position: FeedPosition?) async throws {
        try await feeds.follow(observer, after: position)
    }

    /// The changes after a position, of the last 100,000.
    ///
    /// - Throws: ``LostFeedPosition``.
    public func changes(after position: FeedPosition, limit: Int) async throws -> ChangePage<Document> {
        try feeds.changes(after: position, limit: limit)
    }

    /// Forgets all changes that have happened, so that nobody can go on behind one but the last.
    public func forgetChanges() { feeds.forget() }

    /// Cuts all feeds off, so that nothing more is told, or goes on with what happened meanwhile.
    public func setFeedsBroken(_ isBroken: Bool) { feeds.setBroken(isBroken) }

    /// Ends all feeds, as when changes may have been missed.
    public func endFeeds() { feeds.end() }
}

/// Who writes into memory tells at once.
extension InMemoryReadModel: ReadModelNotices {
    /// Passes on what is written, until the task is cancelled or ``endFeeds()``.
    public func follow(_ observer: some NoticeObserver) async throws {
        try await feeds.follow(Notices(observer: observer), after: nil)
    }

    private struct Notices<Observer: NoticeObserver>: ReadModelObserver {
        let observer: Observer

        func opened(_ feed: OpenFeed) { observer.opened(feed.status) }

        func changed(_ change: DocumentChange<Document>, at position: FeedPosition) {
            observer.told([ChangeNotice(stream: change.stream, age: change.document.map { DocumentAge($0) })])
        }
    }
}
