// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import Essentials
internal import MongoDB

/// An ``UnchangedAnswer`` as a document of `events`, where the unique index over `claims` is that of the events, too.
///
/// Nothing takes it for an event: its primary key is behind no category's (`answer:` is not `answer-`), and it has neither
/// `stream` and `version` nor `writer` and `sequence`.
enum AnswerDocument {
    private static let prefix = "answer:"
    static let answer = "answer"
    private static let scope = "scope"
    private static let key = "key"
    private static let fingerprint = "fingerprint"

    static func id(_ answer: UnchangedAnswer) -> String { "\(prefix)\(answer.id)" }

    /// Whether a document is an answer.
    static func isOne(_ document: BSONDocument) -> Bool {
        document[EventDocument.id]?.stringValue?.utf8.starts(with: prefix.utf8) ?? false
    }

    /// The stream that an answer is about; `nil` for an event.
    static func stream(_ document: BSONDocument) -> StreamID? {
        document[answer]?.documentValue?[EventDocument.stream]?.stringValue.flatMap { StreamID($0) }
    }

    static func encode(_ answer: UnchangedAnswer, _ urgency: AppendUrgency) throws(MongoError) -> NewDocument {
        let id = id(answer)
        var writer = BSONWriter(capacity: 384)
        writer.append(EventDocument.id, id)
        writer.append(
            EventDocument.recordedAt, BSONDate(millisecondsSince1970: answer.givenAt.millisecondsSinceEpoch))
        writer.append(EventDocument.claims, [Claim(answer.key).text])
        writer.appendDocument(Self.answer) { writer in
            writer.append(EventDocument.stream, answer.stream.name)
            writer.append(EventDocument.version, answer.version)
            writer.append(scope, answer.key.scope)
            writer.append(key, answer.key.key)
            writer.append(fingerprint, answer.key.fingerprint)
        }
        return NewDocument(id: id, token: id, urgency: urgency, document: try writer.finish())
    }

    /// - Throws: ``MalformedEvent`` with the field that is not as this program writes it.
    static func decode(_ document: BSONDocument) throws(MalformedEvent) -> UnchangedAnswer {
        let fields = StoredFields(document)
        let answer = StoredFields(fields.values[answer]?.documentValue ?? [:])
        return UnchangedAnswer(
            id: try fields.read(EventDocument.id) { UUIDv7($0.dropFirst(prefix.count)) },
            key: IdempotencyKey(
                scope: try answer.read(scope) { $0 }, key: try answer.read(key) { $0 },
                fingerprint: try answer.read(fingerprint) { $0 }),
            stream: try answer.read(EventDocument.stream) { StreamID($0) },
            version: try answer.integer(EventDocument.version), givenAt: try fields.time(EventDocument.recordedAt))
    }
}
