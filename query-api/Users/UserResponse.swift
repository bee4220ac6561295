// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import HTTPTypes
import Hummingbird
import ServiceKit
import Users

/// One user: `{"id","name","email","version","createdAt","updatedAt"}`, with the version as a strong entity tag.
struct UserResponse: ResponseGenerator {
    let user: UserView

    func response(from request: Request, context: some RequestContext) -> Response {
        let tag = EntityTag(version: user.version)
        if let known = request.headers[.ifNoneMatch], tag.isListed(in: known) {
            return Response(status: .notModified, headers: [.eTag: tag.text])
        }
        return .json(headers: [.eTag: tag.text]) { user.write(to: &$0) }
    }
}
