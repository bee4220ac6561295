// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import DequeModule
internal import MongoDB
internal import Synchronization

/// Looks up documents by the value of a field, for many callers in shared finds.
///
/// Most of what a find costs the server, and us, does not depend on how many values it is for. So while enough finds are
/// under way, whatever else is looked up gathers for the next one; a look-up that comes alone goes at once. There is no
/// task of its own: one of those who wait does the next find for all.
public final class GroupedFinds: Sendable {
    /// What is looked up where.
    struct Place: Hashable {
        let database: String
        let collection: String
        let field: String
    }

    typealias Find = @Sendable (MongoCollection, String, [String]) async throws -> [BSONDocument]

    /// What somebody who waits is told.
    private enum Turn {
        case result(Result<[BSONDocument], any Error>)
        /// Do the next find.
        case lead
    }

    private struct Waiter {
        let value: String
        let continuation: CheckedContinuation<Turn, Never>
    }

    private struct Queue {
        var underWay = 0
        var waiting: Deque<Waiter> = []
    }

    /// Two keep the server busy while an answer is being read here.
    private static let findLimit = 2
    /// One batch of an answer holds 101 documents if it is not told otherwise.
    private static let valueLimit = 100

    private let find: Find
    private let queues = Mutex<[Place: Queue]>([:])

    /// Nothing to look up yet.
    public convenience init() {
        self.init { collection, field, values in
            let condition: BSONValue =
                values.count == 1 ? .string(values[0]) : ["$in": .array(BSONArray(values.map { .string($0) }))]
            return try await collection.find([field: condition]).toArray()
        }
    }

    init(find: @escaping Find) { self.find = find }

    /// How many wait for the next find.
    var waiting: Int { queues.withLock { $0.values.reduce(0) { $0 + $1.waiting.count } } }

    /// All documents with a value in a field.
    ///
    /// - Throws: ``MongoError``; when several share a find, each what that failed with.
    func documents(where field: String, equals value: String, in collection: MongoCollection) async throws
        -> [BSONDocument]
    {
        let place = Place(database: collection.databaseName, collection: collection.name, field: field)
        let turn: Turn = await withCheckedContinuation { continuation in
            let leads = queues.withLock { queues in
                if queues[place, default: Queue()].underWay < Self.findLimit {
                    queues[place, default: Queue()].underWay += 1
                    return true
                }
                queues[place, default: Queue()].waiting.append(Waiter(value: value, continuation: continuation))
                return false
            }
            if leads { continuation.resume(returning: .lead) }
        }
        switch turn {
        case .result(let result): return try result.get()
        case .lead: return try await lead(value, place, collection)
        }
    }

    /// Does a find for somebody and for those who wait.
    private func lead(_ value: String, _ place: Place, _ collection: MongoCollection) async throws -> [BSONDocument] {
        let others: [Waiter] = queues.withLock { queues in
            let others = Array(queues[place, default: Queue()].waiting.prefix(Self.valueLimit - 1))
            queues[place]?.waiting.removeFirst(others.count)
            return others
        }
        let result: Result<[BSONDocument], any Error>
        do {
            result = .success(try await find(collection, place.field, Array(Set(others.map(\.value) + [value]))))
        } catch {
            result = .failure(error)
        }
        // Only who leads was cancelled: the others are still to be looked up.
        let isCancelled = Task.isCancelled
        let next: Waiter? = queues.withLock { queues in
            if isCancelled, case .failure = result { queues[place]?.waiting.prepend(contentsOf: others) }
            guard let next = queues[place]?.waiting.popFirst() else {
                queues[place]?.underWay -= 1
                if queues[place]?.underWay == 0 { queues[place] = nil }
                return nil
            }
            return next
        }
        next?.continuation.resume(returning: .lead)
        switch result {
        case .success(let documents):
            let found = Dictionary(grouping: documents) { $0[place.field]?.stringValue ?? "" }
            for other in others { other.continuation.resume(returning: .result(.success(found[other.value] ?? []))) }
            return found[value] ?? []
        case .failure(let error):
            if !isCancelled {
                for other in others { other.continuation.resume(returning: .result(.failure(error))) }
            }
            throw error
        }
    }
}
