// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import CQRS
internal import CQRSAMQP
internal import CQRSMongoDB
internal import Essentials

/// The dead letters of one read model, for an operator.
///
/// One look at a time: letters are taken and given back, and two who look at once see parts. Only the first letters of the
/// queue are looked at; once these are dealt with the next ones are the first.
struct LetterDesk: Sendable {
    /// How many letters are looked at.
    private static let limit = 500
    /// Where looking ends, whatever their number: so many bytes of content are held.
    private static let heldLimit = 64 << 20

    let model: any InspectedReadModel
    let system: ConsoleSystem

    private var origin: String { EventTopology.queue(of: model.name) }

    /// The first letters in the order of their queue, as many as may be held, and how many there are.
    ///
    /// - Throws: `AMQPError`.
    func list() async throws -> (letters: [DeadLetterRecord], total: Int) {
        try await reading { reader in
            var letters: [DeadLetterRecord] = []
            var bytes = 0
            while bytes < Self.heldLimit, case let batch = try await reader.next(), !batch.isEmpty {
                letters += batch.map(\.record)
                bytes += batch.reduce(0) { $0 + $1.record.body.count }
            }
            return (letters, reader.total + reader.beyondLimit)
        }
    }

    /// A letter with its content; `nil` when there is none of that id.
    ///
    /// - Throws: `AMQPError`.
    func letter(_ id: String) async throws -> DeadLetterRecord? {
        try await reading { reader in
            while case let batch = try await reader.next(), !batch.isEmpty {
                if let letter = batch.first(where: { $0.record.id == id }) { return letter.record }
            }
            return nil
        }
    }

    /// Sends letters back to where they came from.
    ///
    /// - Returns: what became of each; none for ids that no letter has.
    /// - Throws: `AMQPError`; an error of the registry. Then some may have been replayed, which does no harm.
    func replay(_ ids: Set<String>) async throws -> [DeadLetterReceipt] {
        let fed = EventTopology.queues(of: model.name, in: try await system.registry.read(model.name).state)
        let (origin, broker) = (origin, system.amqp)
        return try await reading { reader in
            let letters = try await select(ids, from: &reader)
            guard !letters.isEmpty else { return [] }
            return try await AMQPPublisher.running(broker) { publisher in
                var receipts: [DeadLetterReceipt] = []
                try await reader.replay(letters, to: .origin(origin, fed: fed), through: publisher) { receipts += $0 }
                return receipts
            }
        }
    }

    /// Removes letters for good.
    ///
    /// - Returns: what became of each; none for ids that no letter has.
    /// - Throws: `AMQPError`.
    func discard(_ ids: Set<String>) async throws -> [DeadLetterReceipt] {
        try await reading { reader in
            let letters = try await select(ids, from: &reader)
            do {
                try await reader.remove(letters)
                return letters.map { DeadLetterReceipt($0.record, .discarded) }
            } catch is AMQPError {
                return letters.map { DeadLetterReceipt($0.record, .inDoubt) }
            }
        }
    }

    private func select(_ ids: Set<String>, from reader: inout DeadLetterReader) async throws -> [HeldLetter] {
        var selected: [HeldLetter] = []
        var bytes = 0
        while bytes < Self.heldLimit, case let batch = try await reader.next(), !batch.isEmpty {
            for letter in batch where ids.contains(letter.record.id) {
                selected.append(letter)
                bytes += letter.record.body.count
            }
        }
        return selected
    }

    private func reading<Value: Sendable>(
        _ body: (inout DeadLetterReader) async throws -> Value
    ) async throws -> Value {
        try await DeadLetterQueue.withQueue(EventTopology.deadLetterQueue(of: origin), system.amqp) { letters in
            try await letters.read(atMost: Self.limit, body)
        }
    }
}
