// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a batch of deliveries means for one stream's document. A value that decides; ``Projector`` acts.
///
/// Event `v` applies only to the document at `v − 1`. Earlier ones are repeats; before later ones there is a gap, which
/// has to be filled from the event store.
struct StreamFold<P: Projection> {
    /// An event to apply, decoded, with every delivery of it; without any when the event store gave it.
    fileprivate struct Pending {
        let event: P.Event
        let recorded: RecordedEvent
        var deliveries: [EventDelivery] = []
    }

    /// What to do about a stream.
    struct Outcome {
        /// The document with all that could be applied.
        var document: P.Document?
        /// The write that makes it so, if any event applies.
        var change: ReadModelChange<P.Document>?
        /// The events that the change applies.
        var applied: [RecordedEvent] = []
        /// What they add beside the document.
        var entries: [P.Document.Entry] = []
        /// How many of these the event store gave.
        var healed = 0
        /// How many deliveries repeat what the document reflects already.
        var ignored = 0
        /// What is done with once the change is durable.
        var settled: [EventDelivery] = []
        /// What cannot be applied.
        var letters: [DeadLetter] = []
        /// What is left, behind a gap or a contradiction.
        var rest: StreamFold
        /// Whether an event is not one of those that the document was made of, although the document has its version: one
        /// of them is not in the event store.
        var isContradicted = false

        /// Applies the event after the document.
        fileprivate mutating func apply(_ next: Pending) {
            do throws(MalformedEvent) {
                let after = try P.evolve(document, next.event, next.recorded)
                precondition(after.version == next.recorded.version, "a projection must carry the event's version")
                document = after
                if P.Document.hasEntries, let entry = P.entry(next.event, next.recorded) { entries.append(entry) }
                applied.append(next.recorded)
                if next.deliveries.isEmpty { healed += 1 } else { ignored += next.deliveries.count - 1 }
                settled += next.deliveries
            } catch {
                letters += next.deliveries.map { DeadLetter($0, error) }
                // A delivery can be wrong. What the event store has is the truth: nothing can follow it.
                if next.deliveries.isEmpty { letters += rest.giveUp(after: next.recorded.version, because: error) }
            }
        }
    }

    private var pending: [Int64: Pending] = [:]
    /// Whether two different events came with one version.
    private var isDisputed = false

    /// Adds a delivery; the same version again counts as a repeat of the first.
    mutating func add(_ event: P.Event, _ recorded: RecordedEvent, _ delivery: EventDelivery) {
        if let known = pending[recorded.version], known.recorded.id != recorded.id { isDisputed = true }
        pending[recorded.version, default: Pending(event: event, recorded: recorded)].deliveries.append(delivery)
    }

    /// Every delivery that is not settled yet.
    var deliveries: [EventDelivery] { pending.values.flatMap(\.deliveries) }

    /// Whether everything is settled.
    var isEmpty: Bool { pending.isEmpty }

    /// Whether the stream's first event is among them, so that there probably is no document yet.
    var startsAtBeginning: Bool { pending[1] != nil }

    // MARK: Applying

    /// Applies each next version, ignores earlier ones, and stops at a gap.
    ///
    /// - Parameters:
    ///   - stream: the stream.
    ///   - base: its stored document, or `nil`.
    ///   - isVerified: whether that was just made of what the event store has, so that whatever contradicts it is wrong.
    func apply(stream: StreamID, to base: P.Document?, isVerified: Bool = false) -> Outcome {
        var outcome = Outcome(document: base, rest: self)
        guard isVerified || !isDisputed else {
            outcome.isContradicted = true
            return outcome
        }
        for (version, next) in inOrder {
            let present = outcome.document?.version ?? 0
            if version <= present {
                if !isVerified, let document = base, document.contradicts(next.recorded) {
                    outcome.isContradicted = true
                    break
                }
                outcome.ignored += next.deliveries.count
                outcome.settled += next.deliveries
            } else if version - 1 == present {
                outcome.apply(next)
            } else {
                break
            }
            outcome.rest.remove(version)
        }
        // A repeat of what ended the entries may come from a writer that was cut off before it had removed them.
        if let document = outcome.document,
            !outcome.applied.isEmpty || (outcome.ignored > 0 && !outcome.isContradicted && document.endsEntries)
        {
            outcome.change = ReadModelChange(
                stream: stream, baseVersion: base?.version ?? 0, document: document, entries: outcome.entries)
        }
        return outcome
    }

    // Most streams have one event in a batch: neither sort it nor copy the table to take it out.

    private var inOrder: [(key: Int64, value: Pending)] {
        pending.count == 1 ? Array(pending) : pending.sorted { $0.key < $1.key }
    }

    private mutating func remove(_ version: Int64) {
        guard pending[version] != nil else { return }
        if pending.count == 1 { pending = [:] } else { pending[version] = nil }
    }

    // MARK: Gaps

    /// The versions that are missing between a document and the first event to apply; `nil` when none are.
    func gap(after document: P.Document?) -> ClosedRange<Int64>? {
        let present = document?.version ?? 0
        guard let first = pending.keys.min(), first > present, first - 1 > present else { return nil }
        return (present + 1)...(first - 1)
    }

    /// Fills a gap, or the beginning of it, with what the event store has.
    ///
    /// - Parameters:
    ///   - gap: the missing versions.
    ///   - page: the store's events from the first of them on.
    /// - Returns: what will never be applied, because the store does not have what comes before either, or what it has
    ///   cannot be read.
    mutating func fill(_ gap: ClosedRange<Int64>, with page: [RecordedEvent]) -> [DeadLetter] {
        var filled: Int64 = 0
        for recorded in page.prefix(gap.count) {
            let version = gap.lowerBound + filled
            guard recorded.version == version else { break }
            do throws(MalformedEvent) {
                pending[version] = Pending(event: try P.Event.decode(recorded), recorded: recorded)
            } catch {
                return giveUp(after: version, because: error)
            }
            filled += 1
        }
        guard filled == 0 else { return [] }
        let cause = MalformedEvent(
            .missingVersions, "version \(gap.upperBound + 1) after version \(gap.lowerBound - 1)")
        return giveUp(after: gap.upperBound, cause)
    }

    /// Puts everything aside that follows a version which the event store has, and which cannot be applied.
    private mutating func giveUp(after version: Int64, because error: MalformedEvent) -> [DeadLetter] {
        giveUp(after: version, MalformedEvent(.missingVersions, "version \(version) cannot be applied: \(error)"))
    }

    private mutating func giveUp(after version: Int64, _ cause: MalformedEvent) -> [DeadLetter] {
        let hopeless = pending.filter { $0.key > version }
        for version in hopeless.keys { pending[version] = nil }
        return hopeless.values.flatMap(\.deliveries).map { DeadLetter($0, cause) }
    }
}
