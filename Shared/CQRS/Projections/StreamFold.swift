// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a batch of deliveries means for one stream's document. A value that decides; ``Projector`` acts.
struct StreamFold<P: Projection> {
    /// An event of the batch, decoded, with every delivery of it.
    private struct Pending {
        let event: P.Event
        let recorded: RecordedEvent
        var deliveries: [EventDelivery]
    }

    /// What to do about a stream.
    struct Outcome {
        /// The write to make, if any event applies.
        var change: ReadModelChange<P.Document>?
        /// How many events the change applies.
        var applied: [RecordedEvent] = []
        /// How many deliveries repeat what the document reflects already.
        var ignored = 0
        /// What is done with once the change is durable.
        var settled: [EventDelivery] = []
        /// What cannot be applied.
        var letters: [DeadLetter] = []
    }

    private var pending: [Int64: Pending] = [:]

    /// Adds a delivery; the same version again counts as a repeat of the first.
    mutating func add(_ event: P.Event, _ recorded: RecordedEvent, _ delivery: EventDelivery) {
        pending[recorded.version, default: Pending(event: event, recorded: recorded, deliveries: [])]
            .deliveries.append(delivery)
    }

    /// Every delivery added.
    var deliveries: [EventDelivery] { pending.values.flatMap(\.deliveries) }

    /// Whether the stream's first event is among them, so that there probably is no document yet.
    var startsAtBeginning: Bool { pending[1] != nil }

    /// Applies each next version, ignores earlier ones, and rejects what does not follow.
    ///
    /// - Parameters:
    ///   - stream: the stream.
    ///   - base: its stored document, or `nil`.
    func apply(stream: StreamID, to base: P.Document?) -> Outcome {
        var outcome = Outcome()
        var document = base
        for (version, pending) in pending.sorted(by: { $0.key < $1.key }) {
            let present = document?.version ?? 0
            if version <= present {
                outcome.ignored += pending.deliveries.count
                outcome.settled += pending.deliveries
                continue
            }
            do throws(MalformedEvent) {
                guard version == present + 1 else {
                    throw MalformedEvent(.missingVersions, "version \(version) after version \(present)")
                }
                let next = try P.evolve(document, pending.event, pending.recorded)
                precondition(next.version == version, "a projection must carry the event's version")
                document = next
                outcome.applied.append(pending.recorded)
                outcome.ignored += pending.deliveries.count - 1
                outcome.settled += pending.deliveries
            } catch {
                outcome.letters += pending.deliveries.map { DeadLetter($0, error) }
            }
        }
        if let document, !outcome.applied.isEmpty {
            outcome.change = ReadModelChange(stream: stream, baseVersion: base?.version ?? 0, document: document)
        }
        return outcome
    }
}
