// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import CQRSAMQP
internal import CQRSMongoDB
internal import CQRSUpkeep
internal import Essentials

/// The read model of a projection.
struct InspectedProjection<P: Projection>: InspectedReadModel {
    let system: ConsoleSystem

    var name: String { P.name }
    var category: String { P.category }

    func streams(meantBy text: String) async throws -> [StreamID] {
        var candidates: Set<StreamID> = []
        if let stream = StreamID(text), stream.category == P.category { candidates.insert(stream) }
        if let stream = StreamID(category: P.category, key: text.lowercasedASCII()) { candidates.insert(stream) }
        let serving = try await serving()
        for field in P.lookups {
            // How a field is normalised only its context knows: these are the usual ways.
            for spelling in Set([text, text.lowercased(), text.uppercased()]) {
                candidates.formUnion(try await serving.matches(where: field, equals: spelling).keys)
            }
        }
        return try await system.events.existing(candidates).sorted { $0.name < $1.name }
    }

    func version(of stream: StreamID) async throws -> Int64 {
        try await serving().load([stream])[stream]?.version ?? 0
    }

    func step(of stream: StreamID, to version: Int64) async throws -> DocumentStep? {
        var fold = EventFold<P>(nil)
        var last: Int64 = 0
        while true {
            let page = try await system.events.read(stream, after: last, limit: Int(min(500, version - last)))
            for event in page {
                if event.version == version {
                    let before = try fold.document.map { try JSONValue(document: $0) }
                    fold.add(event)
                    return DocumentStep(
                        event: event, before: before, after: try fold.document.map { try JSONValue(document: $0) },
                        flaw: fold.stop.map { "version \($0.version): \($0.error)" })
                }
                fold.add(event)
                last = event.version
            }
            if page.isEmpty { return nil }
        }
    }

    func preview(_ letter: DeadLetterRecord) async throws -> ReplayPreview {
        if let refusal = DeadLetterReader.refusal(
            of: letter, .origin(EventTopology.queue(of: P.name), fed: []))
        {
            return .refused(DeadLetterReceipt(letter, refusal))
        }
        let event: RecordedEvent
        do throws(MalformedEvent) {
            event = try letter.event()
        } catch {
            return .putAside(error)
        }
        guard event.stream.category == P.category else {
            return .putAside(MalformedEvent(.invalidEnvelope, "a stream of another category"))
        }
        var fold = EventFold<P>(try await serving().load([event.stream])[event.stream])
        if fold.version >= event.version { return .repeated(at: fold.version) }
        // As a consumer fills a gap: from the event store.
        while fold.version < event.version - 1, !fold.isStopped {
            let page = try await system.events.read(
                event.stream, after: fold.version, limit: Int(min(500, event.version - 1 - fold.version)))
            if page.isEmpty { return .putAside(MalformedEvent(.missingVersions, "earlier events")) }
            for missing in page { fold.add(missing) }
        }
        fold.add(event)
        return fold.stop.map { .putAside($0.error) } ?? .applied(fold.version)
    }

    func perform(_ action: GenerationAction, _ report: @escaping @Sendable (RebuildReport) -> Void) async throws {
        let rebuild = GenerationRebuild(
            P.self, events: system.events, registry: system.registry,
            queues: AMQPGenerationQueues(configuration: system.amqp, of: P.self), settings: .besideQueries
        ) { [system] in system.model(P.self, $0) }
        switch action {
        case .rebuild: _ = try await rebuild.rebuild { report($0) }
        case .rollBack(let generation): _ = try await rebuild.rollBack(to: generation) { report($0) }
        case .finish(let generation): _ = try await rebuild.finish(removing: generation) { report($0) }
        case .cancel(let generation): _ = try await rebuild.cancel(removing: generation) { report($0) }
        }
    }

    private func serving() async throws -> MongoReadModel<P.Document> {
        system.model(P.self, try await system.registry.read(P.name).state.serving)
    }
}

extension RebuildSettings {
    /// One range at a time: the process answers queries meanwhile.
    fileprivate static var besideQueries: RebuildSettings {
        var settings = RebuildSettings()
        settings.parallel = 1
        return settings
    }
}
