// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
package import Essentials

extension DeadLetterRecord {
    /// What identifies the letter and why it is here, without its content. Every member is always there.
    package var json: JSONObject {
        var json = JSONObject()
        func add(_ name: String, _ text: String?) { json.append(name, Self.json(text)) }
        func add(_ name: String, _ number: Int64?) {
            json.append(name, number.map { .number(JSONNumber($0)) } ?? .null)
        }
        add("id", id)
        add("stream", stream)
        add("version", version)
        add("type", type)
        add("reason", reason)
        add("error", error)
        add("category", category)
        add("attempts", attempts)
        add("replays", replays)
        add("failedAt", failedAt?.description)
        add("originQueue", originQueue)
        add("originExchange", originExchange)
        add("originRoutingKey", originRoutingKey)
        add("bodyBytes", Int64(body.count))
        return json
    }

    /// The message's properties by their names in AMQP, without the headers; `null` for those that it has not.
    package var propertyMembers: [(String, JSONValue)] {
        [
            ("content_type", Self.json(properties.contentType)),
            ("content_encoding", Self.json(properties.contentEncoding)),
            ("delivery_mode", properties.deliveryMode.map { .number(JSONNumber($0.rawValue)) } ?? .null),
            ("priority", properties.priority.map { .number(JSONNumber($0)) } ?? .null),
            ("correlation_id", Self.json(properties.correlationID)), ("reply_to", Self.json(properties.replyTo)),
            ("expiration", Self.json(properties.expiration)), ("message_id", Self.json(properties.messageID)),
            ("timestamp", Self.json(properties.timestamp.map { AMQPValue.time($0) })),
            ("type", Self.json(properties.type)), ("user_id", Self.json(properties.userID)),
            ("app_id", Self.json(properties.appID)),
        ]
    }

    /// As ``json``, with properties, headers and body. The body is JSON if it can be, else text, else hexadecimal digits,
    /// and then whole. Holds personal data where the message does.
    package var wholeJSON: JSONObject {
        var json = json
        var object = JSONObject()
        for (name, value) in propertyMembers where value != .null { object.append(name, value) }
        json.append("properties", .object(object))
        json.append("headers", .object((properties.headers ?? [:]).json))
        if let value = try? JSON.parse(body) {
            json.append("body", value)
        } else if let text = String(validating: body, as: UTF8.self) {
            json.append("bodyText", .string(text))
        } else {
            json.append("bodyHex", .string(Hex.digits(body)))
        }
        return json
    }

    private static func json(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}
