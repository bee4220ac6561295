// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Brings one generation up to another wherever it is behind. It does not rely on queues: it folds events.
struct GenerationLevelling<P: Projection, Model: GenerationReadModel<P.Document>>: Sendable {
    private let behind: Model
    private let ahead: Model
    private let builder: StreamBuilder<P, Model>
    /// The most streams at a time.
    private let concurrency = 16

    /// - Parameters:
    ///   - behind: what is brought up.
    ///   - ahead: what must not change meanwhile, or not be relied on where it does.
    init(_ projection: P.Type, events: any EventHistory, behind: Model, ahead: Model) {
        self.behind = behind
        self.ahead = ahead
        builder = StreamBuilder(projection, events: events, model: behind)
    }

    /// Goes through all documents.
    ///
    /// - Returns: the streams that are still behind, because an event cannot be applied that was applied to the other
    ///   generation. Versions that the event store does not have are none to come up to.
    func run() async throws -> [StreamID] {
        var stuck: [StreamID] = []
        var targets = VersionPages(ahead)
        var present = VersionPages(behind)
        try await withThrowingTaskGroup(of: StreamID?.self) { group in
            var underWay = 0
            while let target = try await targets.peek() {
                try Task.checkCancellation()
                targets.skip()
                while let other = try await present.peek(), other.stream.name < target.stream.name { present.skip() }
                if let other = try await present.peek(), other.stream == target.stream,
                    other.version >= target.version
                {
                    continue
                }
                if underWay == concurrency, let result = try await group.next() {
                    underWay -= 1
                    if let result { stuck.append(result) }
                }
                underWay += 1
                group.addTask {
                    let reached = try await repeatingPassing { try await builder.bringUp(target.stream) }
                    return reached.isStopped && reached.version < target.version ? target.stream : nil
                }
            }
            for try await result in group { if let result { stuck.append(result) } }
        }
        return stuck
    }
}
