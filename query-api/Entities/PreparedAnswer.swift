// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import Hummingbird
import ServiceKit

/// What is sent of an entity at one version: JSON, with the version as a strong entity tag. Made once, and sent as often as it is
/// asked for.
struct PreparedAnswer: Sendable {
    /// The entity tag as sent.
    let tag: String
    /// The body.
    let body: ByteBuffer

    init(version: Int64, _ write: (inout JSONWriter) -> Void) {
        tag = EntityTag(version: version).text
        var json = JSONWriter()
        write(&json)
        body = ByteBuffer(bytes: json.bytes)
    }

    /// The memory it takes, in bytes.
    var sizeBytes: Int { body.storageCapacity }
}
