// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import AMQP
internal import CQRS
public import Tracing

extension DeadLetterReader {
    /// Where letters are replayed to.
    public enum Target: Sendable, Equatable {
        /// Back to where they came from, which must be this permanent queue or that of a generation beside it: a letter
        /// could name any queue. They go to all the queues that generations are fed from now. What stopped one
        /// generation most likely stopped the others, and to one that is further a letter is only a repeat.
        case origin(String, fed: [String])
        /// To this queue, wherever they came from.
        case queue(String)
    }

    /// Publishes letters again as the messages they were, and removes each after the broker's confirm.
    ///
    /// Letters of one stream go by version, each after the confirm of the one before; once one fails, those after it
    /// stay. A process that ends in between leaves letters that were published already: replayed again they do no harm,
    /// since a read model applies each version once.
    ///
    /// - Parameters:
    ///   - letters: from this reader.
    ///   - target: where to.
    ///   - publisher: a running publisher.
    ///   - tracer: traces what is published; `nil` traces nothing.
    ///   - report: gets the receipts as they come, each before its letter is removed; in the end one for each letter, and
    ///     another for one that could not be removed.
    /// - Throws: `AMQPError` when letters could not be removed, after their receipts; what `report` throws: then the
    ///   letters whose receipts it was to take stay.
    public mutating func replay(
        _ letters: [HeldLetter], to target: Target, through publisher: AMQPPublisher,
        tracer: (any Tracer)? = nil, report: ([DeadLetterReceipt]) throws -> Void
    ) async throws {
        var accepted: [HeldLetter] = []
        var refused: [DeadLetterReceipt] = []
        for letter in letters {
            if let refusal = Self.refusal(of: letter.record, target) {
                refused.append(DeadLetterReceipt(letter.record, refusal))
            } else {
                accepted.append(letter)
            }
        }
        if !refused.isEmpty { try report(refused) }
        let tracing = tracer.map { PublishTracing(tracer: $0) }
        var lanes = ReplayLanes(accepted)
        var round: ArraySlice<HeldLetter> = []
        while true {
            if round.isEmpty { round = lanes.nextRound()[...] }
            guard !round.isEmpty else { return }
            // Few enough to be confirmed well within the publisher's time limit.
            let batch = Array(round.prefix(500))
            round = round.dropFirst(batch.count)
            var errors = [AMQPError?](repeating: nil, count: batch.count)
            for queue in target.queues {
                let span = tracing?.beginReplay(of: batch, to: queue)
                defer { span?.end() }
                let outcomes = await publisher.publish(batch.map { ReplayMessage.encode($0.record, to: queue) })
                for (index, error) in outcomes.enumerated() { errors[index] = errors[index] ?? error }
            }
            try await settle(batch, errors, target, report)

            var held = lanes.hold(
                Set(zip(batch, errors).compactMap { letter, error in error == nil ? nil : letter.record.stream }))
            if errors.allSatisfy({ $0?.isBrokerAway ?? false }) {
                held += round + lanes.holdAll()
                round = []
            }
            if !held.isEmpty { try report(held.map { DeadLetterReceipt($0.record, .heldBack) }) }
        }
    }

    /// Reports on all, and removes what was confirmed.
    private mutating func settle(
        _ batch: [HeldLetter], _ errors: [AMQPError?], _ target: Target,
        _ report: ([DeadLetterReceipt]) throws -> Void
    ) async throws {
        let queue = target.queues.joined(separator: " and ")
        try report(
            zip(batch, errors).map { letter, error in
                DeadLetterReceipt(letter.record, error.map { .notConfirmed(to: queue, $0) } ?? .replayed(to: queue))
            })
        let confirmed = zip(batch, errors).filter { $0.1 == nil }.map(\.0)
        do {
            try await remove(confirmed)
        } catch {
            try report(confirmed.map { DeadLetterReceipt($0.record, .notRemoved(to: queue)) })
            throw error
        }
    }

    /// Why a letter would not be replayed to a target; `nil` when it would be.
    package static func refusal(of letter: DeadLetterRecord, _ target: Target) -> DeadLetterReceipt.Outcome? {
        guard case .origin(let queue, _) = target else { return nil }
        guard let origin = letter.originQueue else { return .noOrigin }
        return EventTopology.permanentQueue(of: origin) == queue ? nil : .foreignOrigin(origin)
    }
}

extension DeadLetterReader.Target {
    fileprivate var queues: [String] {
        switch self {
        case .origin(_, let fed): fed
        case .queue(let queue): [queue]
        }
    }
}

extension AMQPError {
    /// Whether trying the next message would only cost the same time again.
    fileprivate var isBrokerAway: Bool {
        switch code {
        case .connectionFailed, .authenticationRefused, .connectionLost, .blocked, .timedOut, .cancelled, .closed: true
        case .accessRefused, .notFound, .preconditionFailed, .resourceLocked, .unroutable, .nacked, .invalidArgument,
            .protocolViolation:
            false
        }
    }
}
