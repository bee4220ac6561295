// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import HTTPTypes
import Hummingbird
import ServiceKit
import Users

/// The answer to a command that was carried out: 202, or 200 when it changed nothing.
struct UserCommandAnswer: ResponseGenerator {
    let id: String
    /// The user's address after the command; of a deleted user the one that it was deleted by.
    let email: String
    let version: Int64
    /// The event that the command caused, now or when it came first; `nil` when it changed nothing.
    let eventID: String?
    /// Where to read the result, and from which version on; `nil` when there is nothing left to read.
    let location: String?

    init(_ outcome: CommandOutcome<UserDecider.State>, queryAPI: String, deleted email: String? = nil) {
        id = String(outcome.stream.entity)
        version = outcome.version
        eventID = outcome.event?.id.description
        switch outcome.state {
        case .registered(let user):
            self.email = user.email
            // The identifier says whose version it is: the address may have been somebody else's before.
            location =
                "\(queryAPI)/users/\(PathSegment.encode(user.email))?minVersion=\(outcome.version)&id=\(id)"
        case .deleted, .absent:
            // The query API will say 404 there, or soon serve somebody else: nothing to send a client to.
            self.email = email ?? ""
            location = nil
        }
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
        json.member("email", email)
        json.member("version", version)
        if let eventID { json.member("eventId", eventID) }
    }
}

extension HotAnswer {
    /// The same as the answer's response.
    init(_ answer: UserCommandAnswer) {
        var fields = [("ETag", EntityTag(version: answer.version).text)]
        if let location = answer.location { fields.append(("Location", location)) }
        var json = JSONWriter()
        answer.write(to: &json)
        self.init(answer.eventID == nil ? .ok : .accepted, fields: fields, body: ByteBuffer(bytes: json.bytes))
    }
}
