// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Hummingbird
import ServiceKit
import Users

/// The answer to an accepted command: 202, where to read the result, and from which version on.
struct CommandAccepted: ResponseGenerator {
    let id: String
    let email: EmailAddress
    let event: RecordedEvent
    let queryAPI: String

    func response(from request: Request, context: some RequestContext) -> Response {
        let location = "\(queryAPI)/users/\(PathSegment.encode(email.text))?minVersion=\(event.version)"
        return .json(
            .accepted, headers: [.eTag: EntityTag(version: event.version).text, .location: location]
        ) { json in
            json.beginObject()
            json.member("id", id)
            json.member("email", email.text)
            json.member("version", event.version)
            json.member("eventId", event.id.description)
            json.endObject()
        }
    }
}
