// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
public import CQRSUpkeep
public import MongoDB

/// Marks of what has arrived as documents of one collection, one for each queue.
public struct MongoArrivalLedger: ArrivalLedger {
    private enum Field {
        static let id = "_id"
        static let newest = "newest"
        static let writers = "writers"
        static let writer = "writer"
        static let published = "published"
        static let setAside = "setAside"
    }

    private let collection: MongoCollection
    private let queue: String

    /// The ledger of one queue.
    ///
    /// - Parameters:
    ///   - collection: where the ledgers of all queues are.
    ///   - queue: the queue's name.
    public init(collection: MongoCollection, queue: String) {
        self.collection = collection
        self.queue = queue
    }

    /// The last marks.
    ///
    /// - Throws: `MongoError`.
    public func marks() async throws -> ArrivalMarks? {
        guard let stored = try await collection.findOne([Field.id: .string(queue)]) else { return nil }
        var marks = ArrivalMarks(newest: stored[Field.newest]?.stringValue.flatMap { WriterID($0) })
        for value in stored[Field.writers]?.arrayValue?.values ?? [] {
            guard let entry = value.documentValue, let published = entry[Field.published]?.intValue,
                let writer = entry[Field.writer]?.stringValue.flatMap({ WriterID($0) })
            else { continue }
            let setAside = entry[Field.setAside]?.arrayValue?.values.compactMap { $0.intValue.map { Int64($0) } }
            marks.writers[writer] = RelayProgress(published: Int64(published), setAside: setAside ?? [])
        }
        return marks
    }

    /// Keeps marks.
    ///
    /// - Throws: `MongoError`.
    public func keep(_ marks: ArrivalMarks) async throws {
        let writers = marks.writers.sorted { $0.key < $1.key }.map { writer, progress -> BSONValue in
            [
                Field.writer: .string(writer.description), Field.published: .int64(progress.published),
                Field.setAside: .array(BSONArray(progress.setAside.map { .int64($0) })),
            ]
        }
        var document: BSONDocument = [Field.id: .string(queue), Field.writers: .array(BSONArray(writers))]
        if let newest = marks.newest {
            document = [
                Field.id: .string(queue), Field.writers: .array(BSONArray(writers)),
                Field.newest: .string(newest.description),
            ]
        }
        _ = try await collection.replaceOne([Field.id: .string(queue)], document, upsert: true)
    }
}
