// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials

/// A commit as everybody may see it who watches: its kind, not whose it is. A stream's name may be a person's.
struct RecentCommit: Sendable, Equatable {
    let writer: WriterID
    let sequence: Int64
    let category: String
    let types: [String]
    /// That of the last event.
    let version: Int64
    let recordedAt: Timestamp

    init(_ stored: OutboxCommit, of writer: WriterID) {
        self.writer = writer
        sequence = stored.sequence
        let events = stored.commit.events
        category = String(stored.commit.first.stream.category)
        types = events.map(\.type)
        version = stored.commit.last.version
        recordedAt = stored.commit.first.recordedAt
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("ref", "\(writer)/\(sequence)")
        json.member("category", category)
        json.key("types")
        json.beginArray()
        for type in types.prefix(5) { json.string(type) }
        json.endArray()
        json.member("events", types.count)
        json.member("version", version)
        json.member("at", recordedAt.description)
        json.endObject()
    }
}
