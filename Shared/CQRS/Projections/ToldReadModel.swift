// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Essentials

/// A read model whose writers tell of what they write: for those who have no event to acknowledge afterwards, such as a
/// repair.
///
/// Whoever is killed after writing and before telling is not followed by anybody who tells it: then a near cache shows the
/// change only when it reads the document again by itself, after minutes.
public struct ToldReadModel<Model: AuditableReadModel>: AuditableReadModel {
    /// What is kept for one stream.
    public typealias Document = Model.Document

    private let model: Model
    private let notices: any ChangeNotices
    private let patience: Duration

    /// Tells of what is written through this.
    ///
    /// - Parameter patience: how long a write may take longer than by itself because nobody can be told.
    public init(_ model: Model, notices: any ChangeNotices, patience: Duration = .seconds(20)) {
        self.model = model
        self.notices = notices
        self.patience = patience
    }

    /// Prepares the read model.
    public func prepare() async throws { try await model.prepare() }

    /// The documents that exist.
    public func load(_ streams: Set<StreamID>) async throws -> [StreamID: Document] { try await model.load(streams) }

    /// The document with a value in a field.
    public func first(where field: ReadModelField<Document>, equals value: String) async throws -> Document? {
        try await model.first(where: field, equals: value)
    }

    /// The names of the streams that have a document, in order.
    public func streams(after stream: StreamID?, limit: Int) async throws -> [StreamID] {
        try await model.streams(after: stream, limit: limit)
    }

    /// The entries between two positions, in order.
    public func entries(
        after start: EventPosition, through end: EventPosition, limit: Int?
    ) async throws -> [(position: EventPosition, entry: Document.Entry)] {
        try await model.entries(after: start, through: end, limit: limit)
    }

    /// Writes documents, and tells of those that may have been written.
    ///
    /// - Throws: also when nobody could be told in time; then they are written.
    public func write(_ changes: [ReadModelChange<Document>]) async throws -> Set<StreamID> {
        var lost: Set<StreamID> = []
        var failure: (any Error)?
        do { lost = try await model.write(changes) } catch { failure = error }
        try await tell(
            changes.filter { !lost.contains($0.stream) }.map {
                // What is not later than what it mends would change nothing where it is kept.
                ChangeNotice(
                    stream: $0.stream, age: $0.document.version > $0.baseVersion ? DocumentAge($0.document) : nil)
            })
        if let failure { throw failure }
        return lost
    }

    /// Removes a document, if it is still at that version, and tells of it.
    ///
    /// - Throws: also when nobody could be told in time; then it may be removed.
    public func remove(_ stream: StreamID, at version: Int64) async throws -> Bool {
        let isRemoved = try await model.remove(stream, at: version)
        if isRemoved { try await tell([ChangeNotice(stream: stream, age: nil)]) }
        return isRemoved
    }

    /// Compares the sums with what the documents add up to.
    public func compareSums(_ found: ([SumDifference]) async throws -> Void) async throws -> Int {
        try await model.compareSums(found)
    }

    /// Adds to rows what they lack. Nobody keeps rows in memory, so nobody is told.
    public func mend(_ differences: [SumDifference]) async throws { try await model.mend(differences) }

    private func tell(_ changed: [ChangeNotice]) async throws {
        guard !changed.isEmpty else { return }
        let deadline = ContinuousClock.now + patience
        var backoff = Backoff(from: .milliseconds(50), to: .seconds(2))
        while true {
            do {
                return try await notices.tell(changed)
            } catch {
                try Task.checkCancellation()
                guard .now < deadline else { throw error }
                try await Task.sleep(for: backoff.next())
            }
        }
    }
}
