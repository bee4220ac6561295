// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import CQRS
internal import Essentials

/// Events as messages, both ways.
enum EventMessage {
    /// The message of an event.
    ///
    /// - Parameters:
    ///   - event: what happened.
    ///   - application: who publishes it, for `app_id` and the CloudEvents source.
    ///   - traceParent: the place of its being published in the trace; `nil` for the event's own.
    static func encode(_ event: RecordedEvent, application: String, traceParent: String? = nil) -> AMQPMessage {
        var headers: AMQPTable = [
            CloudEventAttribute.specVersion.header: .string(CloudEventHeaders.supportedSpecVersion),
            CloudEventAttribute.id.header: .string(event.id.description),
            CloudEventAttribute.source.header: .string("/\(application)"),
            CloudEventAttribute.type.header: .string(event.type),
            CloudEventAttribute.subject.header: .string(event.stream.name),
            CloudEventAttribute.time.header: .string(event.recordedAt.description),
            CloudEventAttribute.streamVersion.header: .int64(event.version),
            CloudEventAttribute.dataSchema.header: .string(
                CloudEventHeaders.dataSchema(type: event.type, version: event.schema)),
        ]
        if let place = traceParent ?? event.metadata.traceparent {
            headers[CloudEventHeaders.traceparent] = .string(place)
        }
        var properties = AMQPProperties()
        properties.contentType = CloudEventHeaders.jsonContentType
        properties.deliveryMode = .persistent
        properties.messageID = event.id.description
        properties.correlationID = event.metadata.correlationID
        properties.type = event.type
        properties.appID = application
        properties.timestamp = UInt64(max(0, event.recordedAt.millisecondsSinceEpoch / 1000))
        properties.headers = headers
        return AMQPMessage(
            exchange: EventTopology.exchange, routingKey: event.type, properties: properties, body: event.data,
            mandatory: true)
    }

    /// The event of a message.
    ///
    /// - Throws: ``MalformedEvent`` for a message that is not an event of ours, such as one published by hand.
    static func decode(properties: AMQPProperties, body: [UInt8]) throws(MalformedEvent) -> RecordedEvent {
        let attributes = CloudEventAttributes(headers: properties.headers)
        guard let specVersion = attributes[.specVersion] else {
            throw MalformedEvent(.notAnEvent, "no CloudEvents headers")
        }
        guard specVersion == .string(CloudEventHeaders.supportedSpecVersion) else {
            throw MalformedEvent(.invalidEnvelope, CloudEventAttribute.specVersion.name)
        }
        let type = try attributes.text(.type)
        let schema = try attributes.read(.dataSchema) {
            CloudEventHeaders.schemaVersion(of: $0, type: type)
        }
        guard let version = attributes[.streamVersion]?.integer, version >= 1 else {
            throw MalformedEvent(.invalidEnvelope, CloudEventAttribute.streamVersion.name)
        }
        let id = try attributes.read(.id) { UUIDv7($0) }
        let metadata = EventMetadata(
            correlationID: properties.correlationID ?? id.description,
            traceparent: properties.headers?[CloudEventHeaders.traceparent]?.string)
        return RecordedEvent(
            id: id,
            stream: try attributes.read(.subject) { StreamID($0) },
            version: version, type: type, schema: schema,
            recordedAt: try attributes.read(.time) { Timestamp(rfc3339: $0) },
            data: body, metadata: metadata)
    }
}
