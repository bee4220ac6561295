// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
internal import CQRSAMQP
internal import Essentials

extension DeadLetterRecord {
    /// What identifies the letter and why it is here, without its content. Every member is always there.
    var json: JSONObject {
        var json = JSONObject()
        func add(_ name: String, _ text: String?) { json.append(name, text.map { .string($0) } ?? .null) }
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
}

extension JSONObject {
    /// The object in one line, fit for a terminal.
    var line: String { PrettyJSON.text(.object(self)) }
}
