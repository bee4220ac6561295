// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import ServiceKit
import Users

/// The body of `POST /users` and a line of an import: `{"name","email"}`, checked.
struct CreateUserRequest {
    let name: UserName
    let email: EmailAddress

    /// Reads the fields of a body, and finds everything that is wrong before it complains.
    ///
    /// - Throws: 422 `invalid-fields`.
    init(_ fields: consuming JSONFields) throws(ProblemDetails) {
        let name = fields.string("name", UserName.init(_:))
        let email = fields.string("email", EmailAddress.init(_:))
        try fields.finish()
        guard let name, let email else { preconditionFailure("a missing field is an error of its own") }
        self.name = name
        self.email = email
    }

    /// What makes it the same request as another, for an idempotency key.
    var fingerprint: String { Fingerprint.text(name.text, email.text) }
}
