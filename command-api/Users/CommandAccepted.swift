// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import HTTPTypes
import Hummingbird
import ServiceKit
import Users

/// The answer to a command that was carried out: where to read the result, and from which version on. 202, or 200 when
/// it changed nothing.
struct CommandAccepted: ResponseGenerator {
    let id: String
    let email: EmailAddress
    let outcome: CommandOutcome
    let queryAPI: String

    func response(from request: Request, context: some RequestContext) -> Response {
        let location = "\(queryAPI)/users/\(PathSegment.encode(email.text))?minVersion=\(outcome.version)"
        return .json(
            outcome.event == nil ? .ok : .accepted,
            headers: [.eTag: EntityTag(version: outcome.version).text, .location: location]
        ) { json in
            json.beginObject()
            json.member("id", id)
            json.member("email", email.text)
            json.member("version", outcome.version)
            if let event = outcome.event { json.member("eventId", event.id.description) }
            json.endObject()
        }
    }
}
