// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSTesting
import Essentials
import Hummingbird
import HummingbirdTesting
import Inventory
import ServiceKit

@testable import QueryAPI

/// Lists in both read models and the event store, as events have made them.
struct TestLists: Sendable {
    let summaries = InMemoryReadModel<ListDocument>()
    let details = InMemoryReadModel<ListLinesDocument>()
    let events = InMemoryEventStore()

    /// An identifier of these tests' own, the later the greater.
    static func id(_ number: Int64) -> UUIDv7 { UUIDv7(at: time(of: number)) }

    /// A list and so many lines: line `n` has the quantity `n`.
    static func events(_ id: UUIDv7, lines: Int = 0, expiresOn: String = "2027-01-31") -> [ListEvent] {
        [.created(ListCreated(id: id, customer: "Ada", expiresOn: expiresOn))]
            + (0..<lines).map {
                .lineAdded(LineAdded(id: id, lineID: Self.id(Int64($0)), product: "Lamp", quantity: $0 + 1))
            }
    }

    /// Appends events, and applies them to both read models.
    func append(_ events: [ListEvent], of id: UUIDv7) async throws {
        let stream = Lists.stream(of: id)
        var summary = await summaries.load([stream])[stream]
        var detail = await details.load([stream])[stream]
        let base = summary?.version ?? 0
        var entries: [LineDocument] = []
        for (index, event) in events.enumerated() {
            let version = base + Int64(index) + 1
            let recorded = RecordedEvent(
                id: UUIDv7(at: time(of: version)), stream: stream, version: version, type: event.type,
                schema: event.schema, recordedAt: time(of: version), data: event.encoded(),
                metadata: EventMetadata(correlationID: "test"))
            _ = await self.events.append(EventAppend(Commit(recorded), writer: WriterID(), sequence: version))
            summary = try ListProjection.evolve(summary, event, recorded)
            detail = try ListLinesProjection.evolve(detail, event, recorded)
            if let entry = ListLinesProjection.entry(event, recorded) { entries.append(entry) }
        }
        guard let summary, let detail else { return }
        _ = await summaries.write([ReadModelChange(stream: stream, baseVersion: base, document: summary)])
        _ = await details.write([
            ReadModelChange(stream: stream, baseVersion: base, document: detail, entries: entries)
        ])
    }

    /// Runs a body with a client of the routes.
    func run(_ body: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        try await run(over: details, body)
    }

    /// Runs a body with a client of the routes over another read model with lines.
    func run(
        over model: some ReadModelEntries<ListLinesDocument>,
        _ body: @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        let reader = try ServiceSettings.read(environment: ["MONGODB_URI": "mongodb://127.0.0.1:1"])
        let configuration = try QueryAPIConfiguration(reader: reader)
        let telemetry = Telemetry(metrics: PrometheusMetrics())
        let cache = makeCache(
            ListLinesProjection.self, configuration, of: model, notices: details, ListAnswer.content, telemetry)
        let application = buildApplication(
            configuration, [ListsController(details: cache, lines: model, lists: summaries, events: events)],
            health: Health([]), telemetry: telemetry)
        try await application.test(.router) { try await body($0) }
    }
}
