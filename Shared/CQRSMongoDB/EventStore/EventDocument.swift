// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import MongoDB

/// An event as one document of `events`.
enum EventDocument {
    static let id = "_id"
    static let stream = "stream"
    static let version = "version"
    static let claims = "claims"
    static let releases = "releases"
    static let writer = "writer"
    static let sequence = "sequence"
    static let eventID = "eventId"
    private static let type = "type"
    private static let schema = "schema"
    private static let recordedAt = "recordedAt"
    private static let data = "data"
    private static let metadata = "metadata"
    private static let correlation = "correlation"
    private static let causation = "causation"
    private static let traceparent = "traceparent"
    private static let idempotency = "idempotency"
    private static let scope = "scope"
    private static let key = "key"
    private static let fingerprint = "fingerprint"

    /// The primary key: the stream's name and the version in ten digits, so that the keys of a stream are in order and
    /// the index that every collection has serves to append, to read a stream and to read everything.
    static func id(_ stream: StreamID, _ version: Int64) -> String {
        let digits = String(version)
        precondition(
            version >= 0 && version <= RecordedEvent.versions.upperBound, "a stream has at most 9,999,999,999 events")
        return "\(stream.name):\(String(repeating: "0", count: 10 - digits.count))\(digits)"
    }

    /// Behind every key of a stream: `;` follows `:`.
    static func end(of stream: StreamID) -> String { "\(stream.name);" }

    // MARK: Writing

    static func encode(_ append: EventAppend) throws(MongoError) -> BSONDocument {
        let event = append.event
        var writer = BSONWriter(capacity: 640)
        writer.append(id, id(event.stream, event.version))
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
        return try writer.finish()
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

    // MARK: Reading

    /// - Throws: ``MalformedEvent`` with the field that is not as this program writes it.
    static func decode(_ document: BSONDocument) throws(MalformedEvent) -> RecordedEvent {
        try Fields(document).event()
    }

    static func decodeOutbox(_ document: BSONDocument) throws(MalformedEvent) -> OutboxEvent {
        let fields = Fields(document)
        let releases = fields.values[Self.releases]?.arrayValue?.values.compactMap(\.stringValue) ?? []
        return OutboxEvent(
            sequence: try fields.integer(sequence), event: try fields.event(),
            releases: Set(releases.map { Claim(stored: $0) }))
    }

    /// A document's fields by name, found in one pass.
    private struct Fields {
        let values: [String: BSONValue]

        init(_ document: BSONDocument) {
            values = Dictionary(document.map { ($0.key, $0.value) }) { first, _ in first }
        }

        func event() throws(MalformedEvent) -> RecordedEvent {
            guard case .date(let time)? = values[recordedAt] else { throw malformed(recordedAt) }
            let metadata = Fields(values[EventDocument.metadata]?.documentValue ?? [:])
            let idempotency = try metadata.idempotencyKey()
            return RecordedEvent(
                id: try read(eventID) { UUIDv7($0) }, stream: try read(stream) { StreamID($0) },
                version: try integer(version), type: try read(type) { $0 },
                schema: Int(try integer(schema)),
                recordedAt: Timestamp(millisecondsSinceEpoch: time.millisecondsSince1970),
                data: Array(try read(data) { $0 }.utf8),
                metadata: EventMetadata(
                    correlationID: try metadata.read(correlation) { $0 },
                    causationID: metadata.values[causation]?.stringValue,
                    traceparent: metadata.values[traceparent]?.stringValue, idempotency: idempotency))
        }

        private func idempotencyKey() throws(MalformedEvent) -> IdempotencyKey? {
            guard let document = values[idempotency]?.documentValue else { return nil }
            let fields = Fields(document)
            return IdempotencyKey(
                scope: try fields.read(scope) { $0 }, key: try fields.read(key) { $0 },
                fingerprint: try fields.read(fingerprint) { $0 })
        }

        func integer(_ name: String) throws(MalformedEvent) -> Int64 {
            guard let value = values[name]?.intValue else { throw malformed(name) }
            return Int64(value)
        }

        private func read<T>(_ name: String, _ parse: (String) -> T?) throws(MalformedEvent) -> T {
            guard let text = values[name]?.stringValue, let value = parse(text) else { throw malformed(name) }
            return value
        }

        private func malformed(_ name: String) -> MalformedEvent {
            MalformedEvent(.invalidEnvelope, "stored event, field \(name)")
        }
    }
}
