// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import CQRS
internal import Essentials

/// Notices as messages, both ways: `{"generation":1,"changed":[["user-0193…",1772366400123,7],["user-0193…"]]}`, for each
/// stream when its last event was recorded, in milliseconds since 1970, and its version; without these the document was
/// removed.
struct NoticeMessage: Equatable {
    let generation: Generation
    let notices: [ChangeNotice]

    /// More streams than that are told of in several messages.
    static let limit = 1000

    /// The messages that tell of these changes.
    static func encode(_ notices: [ChangeNotice], of readModel: String, _ generation: Generation) -> [AMQPMessage] {
        stride(from: 0, to: notices.count, by: limit).map { start in
            let part = notices[start..<min(start + limit, notices.count)]
            return message(to: readModel, body: body(part, generation))
        }
    }

    private static func body(_ notices: ArraySlice<ChangeNotice>, _ generation: Generation) -> [UInt8] {
        var json = JSONWriter(capacity: 64 + 80 * notices.count)
        json.beginObject()
        json.member("generation", generation.number)
        json.key("changed")
        json.beginArray()
        for notice in notices {
            json.beginArray()
            json.string(notice.stream.name)
            if let age = notice.age {
                json.integer(age.updatedAt.millisecondsSinceEpoch)
                json.integer(age.version)
            }
            json.endArray()
        }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    /// A message that need not survive the broker: neither do the queues.
    static func message(to routingKey: String, body: [UInt8]) -> AMQPMessage {
        var properties = AMQPProperties()
        properties.contentType = CloudEventHeaders.jsonContentType
        properties.deliveryMode = .transient
        return AMQPMessage(
            exchange: NoticeTopology.exchange, routingKey: routingKey, properties: properties, body: body,
            mandatory: false)
    }

    init(generation: Generation, notices: [ChangeNotice]) {
        self.generation = generation
        self.notices = notices
    }

    /// Reads a body; `nil` for what is no notice. Members that are not known are for later versions.
    init?(_ body: [UInt8]) {
        guard let object = try? JSON.parseObject(body),
            case .number(let number)? = object["generation"], let generation = number.integer, generation >= 1,
            case .array(let changed)? = object["changed"]
        else { return nil }
        var notices: [ChangeNotice] = []
        notices.reserveCapacity(changed.count)
        for item in changed {
            guard case .array(let parts) = item, case .string(let name)? = parts.first, let stream = StreamID(name)
            else {
                return nil
            }
            guard parts.count > 1 else {
                notices.append(ChangeNotice(stream: stream, age: nil))
                continue
            }
            guard parts.count == 3, case .number(let time) = parts[1], let milliseconds = time.integer,
                case .number(let number) = parts[2], let version = number.integer
            else { return nil }
            let age = DocumentAge(
                updatedAt: Timestamp(millisecondsSinceEpoch: Int64(milliseconds)), version: Int64(version))
            notices.append(ChangeNotice(stream: stream, age: age))
        }
        self.init(generation: Generation(generation), notices: notices)
    }
}
