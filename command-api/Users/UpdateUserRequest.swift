// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import ServiceKit
import Users

/// The body of `PATCH /users/{email}`: `{"name"?,"email"?}`, checked. What is absent stays as it is; `null` is nothing that
/// a user could have.
struct UpdateUserRequest {
    let change: UpdateUser

    /// Reads the fields of a body, and finds everything that is wrong before it complains.
    ///
    /// - Throws: 422 `invalid-fields`, also when there is no field at all.
    init(_ fields: consuming JSONFields) throws(ProblemDetails) {
        if fields.count == 0 { fields.refuse("must change something: name, email or both") }
        change = UpdateUser(
            name: fields.optionalString("name", UserName.init(_:)),
            email: fields.optionalString("email", EmailAddress.init(_:)))
        try fields.finish()
    }

    /// What makes it the same request as another, for an idempotency key.
    ///
    /// - Parameter key: whose change it is, as ``EmailAddress/key``.
    func fingerprint(of key: String) -> String { Fingerprint.text(key, change.name?.text, change.email?.text) }
}
