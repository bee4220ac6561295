// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Users

extension UserView {
    /// Writes `{"id","name","email","version","createdAt","updatedAt"}`.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("id", id)
        json.member("name", name)
        json.member("email", email)
        json.member("version", version)
        json.member("createdAt", createdAt.description)
        json.member("updatedAt", updatedAt.description)
        json.endObject()
    }
}
