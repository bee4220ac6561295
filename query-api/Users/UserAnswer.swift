// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import CQRSServing
import Essentials
import ServiceKit
import Users

/// A user as it is kept and sent. A class, so that whoever takes one from memory takes one reference.
final class UserAnswer: Sendable {
    /// `{"id","name","email","version","createdAt","updatedAt"}`
    let prepared: PreparedAnswer
    /// For those who ask for single fields.
    let view: UserView

    init?(_ document: UserDocument) {
        guard let user = UserView(document) else { return nil }
        prepared = PreparedAnswer(version: user.version, user.write)
        view = user
    }

    /// The memory it takes, in bytes, about.
    private var sizeBytes: Int {
        prepared.sizeBytes + 128 + view.id.utf8.count + view.name.utf8.count + view.email.utf8.count
    }

    /// How the near cache keeps users.
    static let content = NearCacheContent<UserDocument, UserAnswer>(
        lookup: UserDocument.byEmail,
        stream: { UUIDv7($0.id).map(Users.stream(of:)) },
        answer: { document in UserAnswer(document).map { ($0, $0.sizeBytes) } })

    /// Writes a user; `nil` for what a deleted one left.
    static func item(_ document: UserDocument) -> ((inout JSONWriter) -> Void)? { UserView(document)?.write }
}
