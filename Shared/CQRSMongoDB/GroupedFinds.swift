// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import DequeModule
internal import Essentials
internal import MongoDB
internal import Synchronization

/// Looks up documents by the value of a field, or by one value of a field with several, for many callers in shared finds.
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
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<Turn, Never>
    }

    private struct Queue {
        var underWay = 0
        var waiting: Deque<Waiter> = []

        /// Takes out those whom the next find is for, and who has waited too long.
        mutating func take(_ count: Int, now: ContinuousClock.Instant) -> (next: [Waiter], expired: [Waiter]) {
            let expired = Array(waiting.prefix { $0.deadline <= now })
            waiting.removeFirst(expired.count)
            let next = Array(waiting.prefix(count))
            waiting.removeFirst(next.count)
            return (next, expired)
        }
    }

    /// Two keep the server busy while an answer is being read here.
    private static let findLimit = 2
    /// One batch of an answer holds 101 documents if it is not told otherwise.
    private static let valueLimit = 100
    /// How many may wait, and for how long; the find itself comes on top, and has a time limit of its own.
    private static let waiterLimit = 4096
    private static let patience = Duration.seconds(5)

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
            let turn: Turn? = queues.withLock { queues in
                var queue = queues[place] ?? Queue()
                defer { queues[place] = queue }
                if queue.underWay < Self.findLimit {
                    queue.underWay += 1
                    return .lead
                }
                guard queue.waiting.count < Self.waiterLimit else { return .result(.failure(MongoError(.queueFull))) }
                queue.waiting.append(
                    Waiter(value: value, deadline: .now + Self.patience, continuation: continuation))
                return nil
            }
            if let turn { continuation.resume(returning: turn) }
        }
        switch turn {
        case .result(let result): return try result.get()
        case .lead: return try await lead(value, place, collection)
        }
    }

    /// Does a find for somebody and for those who wait.
    private func lead(_ value: String, _ place: Place, _ collection: MongoCollection) async throws -> [BSONDocument] {
        let (others, expired) = queues.withLock { $0[place]?.take(Self.valueLimit - 1, now: .now) ?? ([], []) }
        tell(expired, .failure(MongoError(.timedOut)))
        let result: Result<[BSONDocument], any Error>
        do {
            result = .success(
                try await find(
                    collection, place.field, Set((others.map(\.value) + [value]).map { ExactText($0) }).map(\.text)))
        } catch {
            result = .failure(error)
        }
        switch result {
        case .success(let documents):
            passLead(place)
            let found = group(documents, by: place.field)
            for other in others { tell([other], .success(found[ExactText(other.value)] ?? [])) }
            return found[ExactText(value)] ?? []
        case .failure(let error) where Task.isCancelled:
            // Only who leads was cancelled: the others are still to be looked up.
            passLead(place, again: others)
            throw error
        case .failure(let error):
            // Who waits would have asked the same server.
            let waiting = queues.withLock { queues in
                defer { queues[place]?.waiting = [] }
                return queues[place]?.waiting ?? []
            }
            passLead(place)
            tell(others + waiting, .failure(error))
            throw error
        }
    }

    /// Documents by each value that they have in a field.
    private func group(_ documents: [BSONDocument], by field: String) -> [ExactText: [BSONDocument]] {
        var groups: [ExactText: [BSONDocument]] = [:]
        for document in documents {
            let values = document[field]
            for value in values?.arrayValue?.values ?? [values].compactMap({ $0 }) {
                if let text = value.stringValue { groups[ExactText(text), default: []].append(document) }
            }
        }
        return groups
    }

    /// Has the next of those who wait do a find, if there is one.
    private func passLead(_ place: Place, again others: [Waiter] = []) {
        let next: Waiter? = queues.withLock { queues in
            queues[place]?.waiting.prepend(contentsOf: others)
            if let next = queues[place]?.waiting.popFirst() { return next }
            queues[place]?.underWay -= 1
            if queues[place]?.underWay == 0 { queues[place] = nil }
            return nil
        }
        next?.continuation.resume(returning: .lead)
    }

    private func tell(_ waiters: some Sequence<Waiter>, _ result: Result<[BSONDocument], any Error>) {
        for waiter in waiters { waiter.continuation.resume(returning: .result(result)) }
    }
}
