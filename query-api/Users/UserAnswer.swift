// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import Essentials
import ServiceKit
import Users

/// How users are sent.
enum UserAnswer {
    /// How the near cache keeps users: `{"id","name","email","version","createdAt","updatedAt"}`.
    static let content = NearCacheContent<UserDocument, PreparedAnswer>(
        lookup: UserDocument.byEmail,
        stream: { UUIDv7($0.id).map(Users.stream(of:)) },
        answer: { document in
            guard let user = UserView(document) else { return nil }
            let prepared = PreparedAnswer(version: user.version, user.write)
            return (prepared, prepared.sizeBytes)
        })

    /// Writes a user; `nil` for what a deleted one left.
    static func item(_ document: UserDocument) -> ((inout JSONWriter) -> Void)? { UserView(document)?.write }
}
