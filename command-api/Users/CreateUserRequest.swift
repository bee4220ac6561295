// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import ServiceKit
import Users

/// The body of `POST /users`: `{"name","email"}`, checked.
struct CreateUserRequest {
    let name: UserName
    let email: EmailAddress

    /// Reads the fields of a body, and finds everything that is wrong before it complains.
    ///
    /// - Throws: 422 `invalid-fields`.
    init(_ fields: consuming JSONFields) throws(ProblemDetails) {
        var name: UserName?
        var email: EmailAddress?
        if let text = fields.string("name") {
            do throws(UserName.Flaw) { name = try UserName(text) } catch { fields.refuse("name", error.explanation) }
        }
        if let text = fields.string("email") {
            do throws(EmailAddress.Flaw) {
                email = try EmailAddress(text)
            } catch {
                fields.refuse("email", error.explanation)
            }
        }
        try fields.finish()
        guard let name, let email else { preconditionFailure("a missing field is an error of its own") }
        self.name = name
        self.email = email
    }
}
