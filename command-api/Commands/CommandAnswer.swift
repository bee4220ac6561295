// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import HTTPTypes
import Hummingbird
import ServiceKit

/// The answer to a command that was carried out: 202, or 200 when it changed nothing.
struct CommandAnswer: ResponseGenerator {
    /// What the answer says of the entity; `nil` where there is none that anybody could ask for.
    struct Entity {
        let id: String
        /// What else the context says of it, between its identifier and its version.
        let members: [(name: String, value: String)]
        let version: Int64
        /// Where to read the result, and from which version on; `nil` when there is nothing left to read.
        let location: String?
    }

    let entity: Entity?
    /// The last event that the command caused, now or when it came first; `nil` when it changed nothing.
    let eventID: String?

    /// - Parameter place: the URL where the query API shows the entity; `nil` when there is nothing left to see.
    init<State>(_ outcome: CommandOutcome<State>, members: [(name: String, value: String)] = [], place: String?) {
        let id = String(outcome.stream.entity)
        // The identifier says whose version it is: the key may have been somebody else's before.
        let location = place.map { "\($0)?minVersion=\(outcome.version)&id=\(id)" }
        entity = Entity(id: id, members: members, version: outcome.version, location: location)
        eventID = outcome.event?.id.description
    }

    /// Of a command that something follows from, but no entity: the event alone.
    init<State>(eventOf outcome: CommandOutcome<State>) {
        entity = nil
        eventID = outcome.event?.id.description
    }

    var status: HTTPResponse.Status { eventID == nil ? .ok : .accepted }

    func response(from request: Request, context: some RequestContext) -> Response {
        var headers = HTTPFields()
        headers[.eTag] = entity.map { EntityTag(version: $0.version).text }
        headers[.location] = entity?.location
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
        if let entity {
            json.member("id", entity.id)
            for (name, value) in entity.members { json.member(name, value) }
            json.member("version", entity.version)
        }
        if let eventID { json.member("eventId", eventID) }
    }
}

extension HotAnswer {
    /// The same as the answer's response.
    init(_ answer: CommandAnswer) {
        var fields: [(String, String)] = []
        if let entity = answer.entity { fields.append(("ETag", EntityTag(version: entity.version).text)) }
        if let location = answer.entity?.location { fields.append(("Location", location)) }
        var json = JSONWriter()
        answer.write(to: &json)
        self.init(answer.eventID == nil ? .ok : .accepted, fields: fields, body: ByteBuffer(bytes: json.bytes))
    }
}
