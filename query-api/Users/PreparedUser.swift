// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Hummingbird
import ServiceKit
import Users

/// A user as it is sent: `{"id","name","email","version","createdAt","updatedAt"}`, with the version as a strong entity
/// tag. Made once for each version, and sent as often as it is asked for.
struct PreparedUser: Sendable {
    let tag: EntityTag
    /// The tag as sent.
    let tagText: String
    /// The body.
    let body: ByteBuffer

    init(_ user: UserView) {
        tag = EntityTag(version: user.version)
        tagText = tag.text
        var json = JSONWriter()
        user.write(to: &json)
        body = ByteBuffer(bytes: json.bytes)
    }

    /// How the near cache keeps users.
    static let content = NearCacheContent<UserDocument, PreparedUser>(
        lookup: UserDocument.byEmail,
        stream: { UUIDv7($0.id).map(Users.stream(of:)) },
        answer: { document in
            guard let user = UserView(document) else { return nil }
            let prepared = PreparedUser(user)
            return (prepared, prepared.body.storageCapacity)
        })
}
