// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Looks after stopped streams now and then: somebody else may have gone on with them.
struct StoppedStreamsCheck<Model: ReadModel>: Sendable {
    /// The most streams in one look.
    static var batchSize: Int { 100 }
    /// How long to wait between looks.
    static var interval: Duration { .seconds(10) }

    let stopped: StoppedStreams
    let model: Model
    let history: any EventHistory
    let metrics: ProjectionMetrics

    /// Looks until it is cancelled.
    func run() async {
        while !Task.isCancelled {
            // What is away now is looked at the next time.
            try? await look()
            try? await Task.sleep(for: Self.interval)
        }
    }

    /// Takes those streams out whose document has got to where it was stopped, and those of which the event store has no
    /// event behind the document: what was put aside then was no event of theirs.
    func look() async throws {
        let streams = stopped.next(Self.batchSize)
        guard !streams.isEmpty else { return }
        let documents = try await model.load(Set(streams))
        for stream in streams {
            let version = documents[stream]?.version ?? 0
            stopped.reached(version, of: stream)
            let isAtEnd: Bool
            do {
                isAtEnd = try await history.read(stream, after: version, limit: 1).isEmpty
            } catch is MalformedEvent {
                isAtEnd = false
            }
            if isAtEnd { stopped.remove(stream) }
        }
        metrics.show(stoppedStreams: stopped.count)
    }
}
