// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import HTTPTypes
import Hummingbird
import ServiceKit

/// The answer to a command that was carried out: 202, or 200 when it changed nothing.
struct CommandAnswer: ResponseGenerator {
    let id: String
    /// What else the context says of the entity, between its identifier and its version.
    let members: [(name: String, value: String)]
    let version: Int64
    /// The last event that the command caused, now or when it came first; `nil` when it changed nothing.
    let eventID: String?
    /// Where to read the result, and from which version on; `nil` when there is nothing left to read.
    let location: String?

    /// - Parameter place: the URL where the query API shows the entity; `nil` when there is nothing left to see.
    init<State>(_ outcome: CommandOutcome<State>, members: [(name: String, value: String)] = [], place: String?) {
        id = String(outcome.stream.entity)
        self.members = members
        version = outcome.version
        eventID = outcome.event?.id.description
        // The identifier says whose version it is: the key may have been somebody else's before.
        location = place.map { [version, id] in "\($0)?minVersion=\(version)&id=\(id)" }
    }

    var status: HTTPResponse.Status { eventID == nil ? .ok : .accepted }

    func response(from request: Request, context: some RequestContext) -> Response {
        var headers: HTTPFields = [.eTag: EntityTag(version: version).text]
        headers[.location] = location
        return .json(status, headers: headers, write)
    }

    /// Writes the answer's object.
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        writeMembers(to: &json)
        json.endObject()
    }

    /// Writes what the answer's object has.
    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        for (name, value) in members { json.member(name, value) }
        json.member("version", version)
        if let eventID { json.member("eventId", eventID) }
    }
}

extension HotAnswer {
    /// The same as the answer's response.
    init(_ answer: CommandAnswer) {
        var fields = [("ETag", EntityTag(version: answer.version).text)]
        if let location = answer.location { fields.append(("Location", location)) }
        var json = JSONWriter()
        answer.write(to: &json)
        self.init(answer.eventID == nil ? .ok : .accepted, fields: fields, body: ByteBuffer(bytes: json.bytes))
    }
}
