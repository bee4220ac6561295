// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Essentials
internal import MongoDB

/// Those of this process who write to the same rows: one transaction after the other costs less than two that meet, of which one was for
/// nothing. Other processes do not know of it; with them the server decides.
private let turns = KeyedSemaphore<String>()

/// Rows of sums are documents of a collection for each table. They are written in the transaction that writes the documents, from
/// what is stored within it: so a row is the sum over the documents at every moment.
extension MongoReadModel {
    var database: MongoDatabase { collection.client.database(collection.databaseName) }

    /// The collection of a table's rows.
    func rows(of table: SumTable) -> MongoCollection { database["\(collection.name).sums.\(table.name)"] }

    /// Creates what finds rows by rank, unless it exists.
    func prepareSums() async throws {
        for table in Document.sums where !table.ranks.isEmpty {
            try await rows(of: table).createIndexes(try table.ranks.map { rank in try SumDocument.index(rank) })
        }
    }

    func dropSums() async throws {
        for table in Document.sums { try await rows(of: table).drop() }
    }

    /// How often many documents are tried together.
    private static var attempts: Int { 6 }
    /// So few rows are mended at a time that those who write beside it seldom meet it.
    private static var mendLimit: Int { 20 }

    /// Writes documents and what they add to rows.
    ///
    /// - Returns: the streams whose stored document had moved on.
    /// - Throws: `writeConflict` where several documents have met others as often as they may.
    func writeWithSums(
        _ changes: [ReadModelChange<Document>], until deadline: ContinuousClock.Instant
    ) async throws -> Set<StreamID> {
        let streams = changes.map(\.stream.name)
        let documents = try changes.map { try stored($0) }
        return try await writing(until: deadline, attempts: changes.count > 1 ? Self.attempts : .max) {
            transaction throws(MongoError) in
            let stored = try self.stored(streams, transaction)
            var lost: Set<StreamID> = []
            var inserts: [MongoWrite] = []
            var replacements: [MongoWrite] = []
            var sums = SumChanges()
            for (change, document) in zip(changes, documents) {
                let present = stored[change.stream.name]
                guard present?.version ?? 0 == change.baseVersion else {
                    lost.insert(change.stream)
                    continue
                }
                if present == nil {
                    inserts.append(.insertOne(document))
                } else {
                    replacements.append(
                        .replaceOne(
                            filter: [Self.streamField: .string(change.stream.name)], replacement: document))
                }
                sums.replace(present, by: change.document)
            }
            // Where two meet, they meet at the rows: so the one that is ended has done little for nothing.
            try self.write(sums, transaction)
            try transaction.bulkWrite(inserts, to: collection)
            try transaction.bulkWrite(replacements, to: collection)
            return lost
        }
    }

    /// Removes a document, if it is still at that version, with what it adds to rows.
    func removeWithSums(_ stream: StreamID, at version: Int64) async throws -> Bool {
        try await writing { transaction throws(MongoError) in
            guard let present = try self.stored([stream.name], transaction)[stream.name], present.version == version
            else { return false }
            var sums = SumChanges()
            sums.replace(present, by: nil)
            try transaction.bulkWrite([.deleteOne(filter: [Self.streamField: .string(stream.name)])], to: collection)
            try self.write(sums, transaction)
            return true
        }
    }

    /// Adds to rows what they lack, unless they have been mended since they were looked at.
    ///
    /// - Throws: ``MongoError``; some may have been mended.
    public func mend(_ differences: [SumDifference]) async throws {
        for (table, differences) in Dictionary(grouping: differences, by: \.key.table) {
            let ordered = differences.sorted { $0.key.row < $1.key.row }
            for start in stride(from: 0, to: ordered.count, by: Self.mendLimit) {
                let part = ordered[start..<min(start + Self.mendLimit, ordered.count)]
                try await writing { transaction throws(MongoError) in
                    var writes: [MongoWrite] = []
                    for difference in part { writes += try SumDocument.mend(difference) }
                    try transaction.bulkWrite(writes, to: self.rows(of: table))
                }
            }
        }
    }

    /// - Parameters:
    ///   - deadline: until when it is tried; `nil` for as long as an operation may last.
    ///   - attempts: how often it is tried; then it throws `writeConflict`. Without a limit others have the rows to the end, or one who was
    ///     killed has them until the server takes them away. That is no flaw of what was to be written, and waited for: `unavailable`.
    private func writing<R: Sendable>(
        until deadline: ContinuousClock.Instant? = nil, attempts: Int = .max,
        _ body: @escaping @Sendable (borrowing MongoTransaction) throws(MongoError) -> R
    ) async throws -> R {
        let deadline = deadline ?? .now + collection.client.operationTimeout
        return try await turns.withTurn("\(collection.databaseName).\(collection.name)") {
            do throws(MongoError) {
                return try await collection.client.withTransaction(
                    timeout: deadline - .now, attempts: attempts, body)
            } catch {
                guard error.code == .writeConflict, !error.outcomeUnknown, attempts == .max else { throw error }
                throw MongoError(.unavailable, "others keep the rows", serverCode: error.serverCode)
            }
        }
    }

    private func stored(
        _ streams: [String], _ transaction: borrowing MongoTransaction
    ) throws(MongoError) -> [String: Document] {
        var filter = BSONWriter()
        filter.appendDocument(Self.streamField) { $0.append("$in", streams) }
        var found: [String: Document] = [:]
        for stored in try transaction.find(in: collection, try filter.finish()) {
            guard let stream = stored[Self.streamField]?.stringValue else { continue }
            found[stream] = try document(in: stored)
        }
        return found
    }

    func document(in stored: BSONDocument) throws(MongoError) -> Document {
        do { return try BSONDecoder().decode(Document.self, from: stored) } catch {
            throw MongoError(.invalidBSON, "a document that this program does not read")
        }
    }

    private func write(_ sums: SumChanges, _ transaction: borrowing MongoTransaction) throws(MongoError) {
        var writes: [MongoWrite] = []
        var table: SumTable?
        // In order of tables, a bulk for each.
        for (key, values) in sums.inOrder {
            if let table, table != key.table {
                try transaction.bulkWrite(writes, to: rows(of: table))
                writes = []
            }
            table = key.table
            writes.append(try SumDocument.add(values, to: key))
        }
        if let table { try transaction.bulkWrite(writes, to: rows(of: table)) }
    }
}
