// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Essentials
import Users

/// Events of many users as commands would have made them: registrations, changes, deletions, and addresses that pass
/// from one user to another.
struct UserHistories {
    private struct User {
        let id: UUIDv7
        var version: Int64
        var email: String
    }

    /// In the order in which they happened.
    private(set) var events: [RecordedEvent] = []
    private var living: [User] = []
    private var freeEmails: [String] = []
    private var emailCount = 0
    private var now = Timestamp(millisecondsSinceEpoch: Timestamp.now().millisecondsSinceEpoch - 86_400_000)

    init(events count: Int) {
        while events.count < count {
            switch Int.random(in: 0..<100) {
            case _ where living.isEmpty, ..<25: create()
            case ..<60: update(changingEmail: false)
            case ..<85: update(changingEmail: true)
            default: delete()
            }
        }
    }

    /// A user's first events: a registration and changes of the name.
    static func user(_ email: String, versions: Int64) -> [RecordedEvent] {
        let id = UUIDv7(at: .now())
        return (1...versions).map { version in
            let name = "Name \(version)"
            let event: UserEvent =
                version == 1
                ? .created(UserCreated(id: id, name: name, email: email))
                : .updated(UserUpdated(id: id, name: name, email: email))
            return record(event, id, version, at: .now())
        }
    }

    private mutating func create() {
        now = Timestamp(millisecondsSinceEpoch: now.millisecondsSinceEpoch + 1)
        let user = User(id: UUIDv7(at: now), version: 1, email: takeEmail())
        living.append(user)
        append(.created(UserCreated(id: user.id, name: "Ada", email: user.email)), user)
    }

    private mutating func update(changingEmail: Bool) {
        let index = living.indices.randomElement() ?? 0
        var user = living[index]
        user.version += 1
        if changingEmail {
            let email = takeEmail()
            freeEmails.append(user.email)
            user.email = email
        }
        living[index] = user
        append(.updated(UserUpdated(id: user.id, name: "Ada \(user.version)", email: user.email)), user)
    }

    private mutating func delete() {
        let index = living.indices.randomElement() ?? 0
        var user = living.remove(at: index)
        user.version += 1
        freeEmails.append(user.email)
        append(.deleted(UserDeleted(id: user.id)), user)
    }

    /// As often as not one that another user had.
    private mutating func takeEmail() -> String {
        if Bool.random(), let index = freeEmails.indices.randomElement() { return freeEmails.remove(at: index) }
        emailCount += 1
        return "user\(emailCount)@example.org"
    }

    private mutating func append(_ event: UserEvent, _ user: User) {
        now = Timestamp(millisecondsSinceEpoch: now.millisecondsSinceEpoch + 1)
        events.append(Self.record(event, user.id, user.version, at: now))
    }

    private static func record(
        _ event: UserEvent, _ id: UUIDv7, _ version: Int64, at time: Timestamp
    ) -> RecordedEvent {
        RecordedEvent(
            id: UUIDv7(at: time), stream: Users.stream(of: id), version: version, type: event.type,
            schema: event.schema, recordedAt: time, data: event.encoded(),
            metadata: EventMetadata(correlationID: "system-tests"))
    }
}
