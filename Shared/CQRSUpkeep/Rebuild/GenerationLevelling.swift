// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials

/// Brings one generation up to another wherever it is behind. It does not rely on queues: it folds events.
struct GenerationLevelling<P: Projection, Model: GenerationReadModel<P.Document>>: Sendable {
    private typealias Target = (stream: StreamID, version: Int64)

    private let behind: Model
    private let ahead: Model
    private let builder: StreamBuilder<P, Model>
    private let fill: GenerationFill<P, Model>
    /// Documents in one answer.
    private let pageSize = 2000
    /// With more behind in a page it is quicker to fold all its streams together than each by itself.
    private let fewStreams = 100
    /// The most streams folded by themselves at a time.
    private let concurrency = 16

    /// - Parameters:
    ///   - behind: what is brought up.
    ///   - ahead: what must not change meanwhile, or not be relied on where it does.
    init(_ projection: P.Type, events: any EventScan, behind: Model, ahead: Model) {
        self.behind = behind
        self.ahead = ahead
        builder = StreamBuilder(projection, events: events, model: behind)
        fill = GenerationFill(projection, events: events, model: behind, parallel: 1)
    }

    /// Goes through all documents.
    ///
    /// - Returns: the streams that are still behind, because an event cannot be applied that was applied to the other
    ///   generation. Versions that the event store does not have are none to come up to.
    func run() async throws -> [StreamID] {
        var stuck: [StreamID] = []
        var next: StreamID?
        repeat {
            try Task.checkCancellation()
            let start = next
            let targets = try await repeatingPassing { try await ahead.versions(after: start, limit: pageSize) }
            var lagging = try await lagging(targets, after: start)
            if lagging.count > fewStreams, let last = targets.last {
                // The event store may have these streams in another order. What is not in its range is found lagging still.
                let range = StreamRange(after: start, through: last.stream)
                _ = try await repeatingPassing { try await fill.fill(range) }
                lagging = try await self.lagging(targets, after: start)
            }
            stuck += try await bringUp(lagging)
            next = targets.count == pageSize ? targets.last?.stream : nil
        } while next != nil
        return stuck
    }

    /// Those of a page's streams that are behind.
    private func lagging(_ targets: [Target], after start: StreamID?) async throws -> [Target] {
        guard let end = targets.last?.stream else { return [] }
        var present: [StreamID: Int64] = [:]
        var next = start
        repeat {
            let after = next
            let page = try await repeatingPassing { try await behind.versions(after: after, limit: pageSize) }
            for (stream, version) in page where stream.name <= end.name { present[stream] = version }
            next = page.count == pageSize ? page.last?.stream : nil
        } while next.map { $0.name < end.name } ?? false
        return targets.filter { present[$0.stream] ?? 0 < $0.version }
    }

    /// - Returns: those that cannot be brought up.
    private func bringUp(_ targets: [Target]) async throws -> [StreamID] {
        try await withThrowingTaskGroup(of: StreamID?.self) { group in
            var stuck: [StreamID] = []
            for (index, target) in targets.enumerated() {
                if index >= concurrency, let result = try await group.next(), let result { stuck.append(result) }
                group.addTask {
                    let reached = try await repeatingPassing { try await builder.bringUp(target.stream) }
                    return reached.isStopped && reached.version < target.version ? target.stream : nil
                }
            }
            for try await result in group { if let result { stuck.append(result) } }
            return stuck
        }
    }
}
