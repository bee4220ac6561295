// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Users

extension MicroWork {
    static let json = [
        MicroWork("JSON read a command") {
            { for _ in 0..<$0 { blackHole(try JSON.parseObject(Samples.command)) } }
        },
        MicroWork("JSON write a user") {
            let user = Samples.document
            return {
                for _ in 0..<$0 {
                    var json = JSONWriter()
                    json.beginObject()
                    json.member("id", user.id)
                    json.member("name", user.name ?? "")
                    json.member("email", user.email ?? "")
                    json.member("version", user.version)
                    json.member("createdAt", user.createdAt.description)
                    json.member("updatedAt", user.updatedAt.description)
                    json.endObject()
                    blackHole(json.bytes)
                }
            }
        },
    ]
}
