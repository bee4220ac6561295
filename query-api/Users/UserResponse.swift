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
        .versioned(user.version, for: request) { user.write(to: &$0) }
    }
}
