// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials

/// How far each of a stream's events has come: stored, published, and applied by the read models that are made of it.
struct EntityJourney: Sendable {
    /// Events on one page.
    static let pageSize = 100

    private struct Stop: Sendable {
        let event: RecordedEvent
        let isPublished: Bool
    }

    let stream: StreamID
    private let stops: [Stop]
    private let hasMore: Bool
    /// The read models made of such streams, with the version that queries get.
    private let readModels: [(name: String, version: Int64)]

    /// Looks at a stream's events behind a version.
    ///
    /// - Parameter models: those of the stream's category.
    /// - Throws: an error with a ``FailureCategory``.
    init(
        of stream: StreamID, after version: Int64, events: some EventHistory & WriterHistory & CommitPlaces,
        models: [any InspectedReadModel]
    ) async throws {
        self.stream = stream
        let found = try await events.read(stream, after: version, limit: Self.pageSize + 1)
        hasMore = found.count > Self.pageSize
        let places = found.isEmpty ? [] : try await events.places(of: stream, after: version, limit: Self.pageSize)
        let progress = places.isEmpty ? [:] : try await events.progress()
        stops = found.prefix(Self.pageSize).map { event in
            let place = places.last { $0.version <= event.version }
            // A writer without a checkpoint has left nothing behind.
            let isPublished = place.map { progress[$0.writer]?.hasPublished($0.sequence) ?? true } ?? false
            return Stop(event: event, isPublished: isPublished)
        }
        var readModels: [(name: String, version: Int64)] = []
        for model in models { readModels.append((model.name, try await model.version(of: stream))) }
        self.readModels = readModels
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("at", Timestamp.now().description)
        json.member("stream", stream.name)
        json.key("events")
        json.beginArray()
        for stop in stops {
            json.beginObject()
            json.member("version", stop.event.version)
            json.member("type", stop.event.type)
            json.member("recordedAt", stop.event.recordedAt.description)
            json.member("isPublished", stop.isPublished)
            json.endObject()
        }
        json.endArray()
        if hasMore, let last = stops.last { json.member("next", last.event.version) }
        json.key("readModels")
        json.beginArray()
        for (name, version) in readModels {
            json.beginObject()
            json.member("name", name)
            json.member("version", version)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}
