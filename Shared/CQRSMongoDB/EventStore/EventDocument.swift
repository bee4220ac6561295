// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials
internal import MongoDB

/// A commit as one document of `events`: its first event, and in `following` those behind it, if there are any, with what
/// each has of its own.
enum EventDocument {
    static let id = "_id"
    static let stream = "stream"
    static let version = "version"
    static let claims = "claims"
    static let releases = "releases"
    static let writer = "writer"
    static let sequence = "sequence"
    static let eventID = "eventId"
    fileprivate static let following = "following"
    fileprivate static let type = "type"
    fileprivate static let schema = "schema"
    static let recordedAt = "recordedAt"
    fileprivate static let data = "data"
    fileprivate static let metadata = "metadata"
    fileprivate static let correlation = "correlation"
    fileprivate static let causation = "causation"
    fileprivate static let traceparent = "traceparent"
    fileprivate static let idempotency = "idempotency"
    fileprivate static let scope = "scope"
    fileprivate static let key = "key"
    fileprivate static let fingerprint = "fingerprint"

    /// The primary key: the stream's name and the version in ten digits, so that the keys of a stream are in order and
    /// the index that every collection has serves to append, to read a stream and to read everything.
    static func id(_ stream: StreamID, _ version: Int64) -> String {
        let digits = String(version)
        precondition(
            version >= 0 && version <= RecordedEvent.versions.upperBound, "a stream has at most 9,999,999,999 events")
        return "\(stream.name):\(String(repeating: "0", count: 10 - digits.count))\(digits)"
    }

    /// Where an event has its idempotency key.
    static let idempotencyPath = "\(metadata).\(idempotency)"

    /// Behind every key of a stream: `;` follows `:`.
    static func end(of stream: StreamID) -> String { "\(stream.name);" }

    // MARK: Writing

    static func encode(_ append: EventAppend) throws(MongoError) -> NewDocument {
        let event = append.commit.first
        let id = id(event.stream, event.version)
        var writer = BSONWriter(capacity: 640)
        writer.append(Self.id, id)
        writer.append(stream, event.stream.name)
        writer.append(version, event.version)
        writer.append(type, event.type)
        writer.append(schema, Int32(event.schema))
        writer.append(eventID, event.id.description)
        writer.append(recordedAt, BSONDate(millisecondsSince1970: event.recordedAt.millisecondsSinceEpoch))
        writer.append(data, String(decoding: event.data, as: UTF8.self))
        writer.appendDocument(metadata) { encode(event.metadata, &$0) }
        // An empty array has a key in a sparse index, and a unique one would have room for one such document.
        if !append.claims.isEmpty { writer.append(claims, append.claims.map(\.text)) }
        if !append.releases.isEmpty { writer.append(releases, append.releases.map(\.text)) }
        writer.append(Self.writer, append.writer.description)
        writer.append(sequence, append.sequence)
        if !append.commit.others.isEmpty { writer.appendArray(following) { encode(append.commit.others, &$0) } }
        return NewDocument(
            id: id, token: event.id.description, urgency: append.urgency, document: try writer.finish(),
            traceParent: event.metadata.traceparent)
    }

    private static func encode(_ metadata: EventMetadata, _ writer: inout BSONWriter) {
        writer.append(correlation, metadata.correlationID)
        if let id = metadata.causationID { writer.append(causation, id) }
        if let parent = metadata.traceparent { writer.append(traceparent, parent) }
        guard let idempotency = metadata.idempotency else { return }
        writer.appendDocument(Self.idempotency) { writer in
            writer.append(scope, idempotency.scope)
            writer.append(key, idempotency.key)
            writer.append(fingerprint, idempotency.fingerprint)
        }
    }

    private static func encode(_ events: [RecordedEvent], _ array: inout BSONArrayWriter) {
        for event in events {
            array.appendDocument { writer in
                writer.append(type, event.type)
                writer.append(schema, Int32(event.schema))
                writer.append(eventID, event.id.description)
                writer.append(data, String(decoding: event.data, as: UTF8.self))
            }
        }
    }

    // MARK: Reading

    /// - Throws: ``MalformedEvent`` with the field that is not as this program writes it.
    static func decode(_ document: BSONDocument) throws(MalformedEvent) -> Commit {
        try StoredFields(document).commit()
    }

    static func decodeOutbox(_ document: BSONDocument) throws(MalformedEvent) -> OutboxCommit {
        let fields = StoredFields(document)
        let releases = fields.values[Self.releases]?.arrayValue?.values.compactMap(\.stringValue) ?? []
        return OutboxCommit(
            sequence: try fields.integer(sequence), commit: try fields.commit(),
            releases: Set(releases.map { Claim(stored: $0) }))
    }
}

extension StoredFields {
    fileprivate func commit() throws(MalformedEvent) -> Commit {
        let first = try event()
        guard let following = values[EventDocument.following]?.arrayValue else { return Commit(first) }
        var others: [RecordedEvent] = []
        for value in following.values {
            let fields = StoredFields(value.documentValue ?? [:])
            var event = first
            event.version = first.version + Int64(others.count) + 1
            event.id = try fields.read(EventDocument.eventID) { UUIDv7($0) }
            event.type = try fields.read(EventDocument.type) { $0 }
            event.schema = Int(try fields.integer(EventDocument.schema))
            event.data = Array(try fields.read(EventDocument.data) { $0 }.utf8)
            others.append(event)
        }
        guard others.count < Commit.limit else {
            throw MalformedEvent(.invalidEnvelope, "stored event, field \(EventDocument.following)")
        }
        return Commit(first, others)
    }

    private func event() throws(MalformedEvent) -> RecordedEvent {
        typealias Name = EventDocument
        let metadata = StoredFields(values[Name.metadata]?.documentValue ?? [:])
        let idempotency = try metadata.idempotencyKey()
        return RecordedEvent(
            id: try read(Name.eventID) { UUIDv7($0) }, stream: try read(Name.stream) { StreamID($0) },
            version: try integer(Name.version), type: try read(Name.type) { $0 },
            schema: Int(try integer(Name.schema)), recordedAt: try time(Name.recordedAt),
            data: Array(try read(Name.data) { $0 }.utf8),
            metadata: EventMetadata(
                correlationID: try metadata.read(Name.correlation) { $0 },
                causationID: metadata.values[Name.causation]?.stringValue,
                traceparent: metadata.values[Name.traceparent]?.stringValue, idempotency: idempotency))
    }

    private func idempotencyKey() throws(MalformedEvent) -> IdempotencyKey? {
        guard let document = values[EventDocument.idempotency]?.documentValue else { return nil }
        let fields = StoredFields(document)
        return IdempotencyKey(
            scope: try fields.read(EventDocument.scope) { $0 }, key: try fields.read(EventDocument.key) { $0 },
            fingerprint: try fields.read(EventDocument.fingerprint) { $0 })
    }
}
