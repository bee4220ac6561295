// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import MongoDB
import Users

extension MicroWork {
    static let bson = [
        MicroWork("BSON encode a user") {
            { for _ in 0..<$0 { blackHole(try BSONEncoder().encode(Samples.document)) } }
        },
        MicroWork("BSON decode a user") {
            let stored = try BSONEncoder().encode(Samples.document)
            return { for _ in 0..<$0 { blackHole(try BSONDecoder().decode(UserDocument.self, from: stored)) } }
        },
        MicroWork("BSON check foreign bytes") {
            let bytes = try BSONEncoder().encode(Samples.document).bytes
            return { for _ in 0..<$0 { blackHole(try BSONDocument(validating: bytes)) } }
        },
    ]
}
